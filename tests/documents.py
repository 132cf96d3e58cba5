"""The projects that the tests speak about: five of the real page, and a hand-made corpus of invented ones."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from indexer.document import Project, identity

ROOT = Path(__file__).parent.parent
CORPORA = Path(__file__).parent / "corpora"
SEED_PAGE = ROOT / "corpus" / "ilab-projects.txt"
LABOUR_FILE = CORPORA / "labour.jsonl"


def _seed(title: str, start: date, end: date, grantee: str, description: str) -> Project:
    return Project(identity(title, start), title, description, grantee, start, end)


MUNICIPAL = _seed(
    "Project to Increase Municipal Collective Action to Address Child Labor and Forced Labor in Mexico",
    date(2023, 12, 15),
    date(2027, 12, 14),
    "Verité",
    "The project will build capacity among municipal stakeholders, such as government officials, workers, "
    "worker organizations, labor unions, civil society organizations, community groups, and "
    "private-sector stakeholders, to work together to design and implement locally led actions to address "
    "child and forced labor in targeted municipalities in Chiapas and San Luis Potosi, Mexico.",
)
TECLAB = _seed(
    "Towards Effective Courts and Coordinated Labor Justice",
    date(2023, 1, 23),
    date(2027, 7, 23),
    "Ergo Group, Inc.",
    "The Towards Effective Courts and Coordinated Labor Justice (TECLAB) project aims to support "
    "independent state labor courts created by Mexico’s 2019 Labor Law Reform to administer labor justice "
    "in an effective, efficient, and consistent manner.",
)
CAMINOS = _seed(
    "Strengthening Mexican Inspectorate for Labor Enforcement (CAMINOS)",
    date(2022, 8, 25),
    date(2027, 10, 31),
    "American Institutes for Research",
    "The strengthening Mexican inspectorate for labor enforcement (CAMINOS) project aims to improve "
    "government systems for labor law enforcement through improved enforcement of labor laws by federal "
    "and state labor inspectorate, better administration of inspections, and enhanced engagement with "
    "supply chain actors in targeted USMCA sectors.",
)
VISION_ZERO = _seed(
    "Improving Workers’ Occupational Safety and Health in Selected Supply Chains in Mexico – A Vision "
    "Zero Fund",
    date(2021, 1, 1),
    date(2025, 5, 30),
    "International Labor Organization (ILO)",
    "Part of the broader Vision Zero Fund - which aims to promote worker safety and health in global "
    "supply chains – this project aims to improve the occupational safety and health of workers in "
    "selected supply chains with a focus on COVID-19, female workers, and workers in vulnerable "
    "conditions. This project also helps Mexico meet its labor obligations under the United "
    "States-Mexico-Canada Agreement (USMCA).",
)
CALLE = _seed(
    "Improving Working Conditions in the Mexican Automotive Supply Chain (CALLE)",
    date(2019, 12, 15),
    date(2024, 3, 30),
    "American Institutes for Research",
    "The Improving Working Conditions in the Mexican Automotive Supply Chain project is working to "
    "improve the quality of inspections and inspection follow-ups conducted by labor inspectors; "
    "strengthen government administration and coordination of the labor inspectorate and other "
    "institutions involved in labor law enforcement; and strengthen the ability of labor courts and other "
    "institutions to effectively conciliate and adjudicate labor cases, including administration and "
    "coordination of union representation challenges.",
)

# In the order of the page.
SEED = (MUNICIPAL, TECLAB, CAMINOS, VISION_ZERO, CALLE)


def _labour(line: str) -> Project:
    record = json.loads(line)
    texts = [record.pop(name) for name in ("id", "title", "description", "grantee")]
    days = [record.pop(name) for name in ("start_date", "end_date")]
    start, end = (date.fromisoformat(day) if day else None for day in days)
    return Project(*texts, start, end, tuple(record.items()))


# Invented projects by id: 62 of them from 1995 to 2030, three with an unknown date, one without a grantee,
# one without a description, British and American spellings side by side.
LABOUR = {
    project.id: project for project in map(_labour, LABOUR_FILE.read_text(encoding="utf-8").splitlines())
}
