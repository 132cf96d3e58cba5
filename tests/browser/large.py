"""A corpus of real size: generated projects, and among them what breaks a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from bench.corpus import generate
from indexer.document import Project

SIZE = 20_000
COUNTRIES = (
    "Peru",
    "Ghana",
    "Mali",
    "Nepal",
    "Côte d'Ivoire",
    "Saint Vincent and the Grenadines",
    "Kenya",
    "Togo",
)
SCRIPTS = (
    "تعزيز حقوق العمال في قطاع الملابس",
    "改善供应链中的劳动条件和社会对话",
    "Укрепление инспекции труда в сельском хозяйстве",
    "שיפור תנאי העבודה ברשתות האספקה",
    "การส่งเสริมสิทธิแรงงานข้ามชาติในภาคประมง",
)
LONG_WORD = "Donaudampfschifffahrtsgesellschaft" * 6
LONG_TITLE = (
    "Strengthening the capacity of national and regional institutions for the inspection of workplaces " * 4
)
LONG_NAME = (
    "Confederation of Federations of Associations for the Advancement of the Rights of Rural Workers " * 2
)
# As many years back as a list that is kept for long.
EARLIER = 40


def large_corpus() -> Iterator[Project]:
    """Yield the projects; every fiftieth has something that is hard to show."""
    for number, project in enumerate(generate(SIZE)):
        extra = (
            ("Country", COUNTRIES[number % len(COUNTRIES)]),
            ("Amount", f"USD {(number % 977) * 12_345:,}" if number % 9 else ""),
            ("Theme", f"Theme {number % 130}"),
        )
        project = replace(project, extra=tuple(pair for pair in extra if pair[1]))
        yield _older(_ugly(number, project) if number % 50 == 0 else project, number)


def _older(project: Project, number: int) -> Project:
    if number % 10 or project.start is None or project.end is None:
        return project
    earlier = EARLIER * (1 + number // 10 % 2) // 2
    start, end = (
        date(day.year - earlier, day.month, min(day.day, 28)) for day in (project.start, project.end)
    )
    return replace(project, start=start, end=end)


def _ugly(number: int, project: Project) -> Project:
    match number // 50 % 4:
        case 0:
            return replace(project, title=f"{SCRIPTS[number // 200 % len(SCRIPTS)]} {number}")
        case 1:
            return replace(
                project,
                title=f"{LONG_WORD} {number}",
                description=f"Long words: {LONG_WORD}. {project.description}",
            )
        case 2:
            return replace(project, title=f"{LONG_TITLE}{number}")
        case _:
            return replace(project, grantee=LONG_NAME.strip(), title=f"Cocoa courts {number}")
