"""What a project's page says besides the project: how it was found, how to cite it, its structured data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from indexer.document import Project

SCHEMA_ORG = "https://schema.org"


@dataclass(frozen=True, slots=True)
class Trail:
    """The way back to the results, and to the projects before and after."""

    results: str
    before: str | None
    after: str | None


def structured(project: Project, url: str) -> Markup:
    """Return a project in the vocabulary of schema.org (JSON-LD): an element of data, which nothing runs."""
    described: dict[str, object] = {
        "@context": SCHEMA_ORG,
        "@type": "Project",
        "@id": url,
        "url": url,
        "identifier": project.id,
        "name": project.title,
        "description": project.description,
        "foundingDate": _iso(project.start),
        "dissolutionDate": _iso(project.end),
        "member": {"@type": "Organization", "name": project.grantee} if project.grantee else None,
    }
    known = {name: value for name, value in described.items() if value}
    return Markup('<script type="application/ld+json">{}</script>').format(htmlsafe_json_dumps(known))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def citation(project: Project, site: str, url: str, generation: str, day: str) -> str:
    """Return a sentence that says where this was read: title, address, index generation, day."""
    author = f"{project.grantee.rstrip('.')}. " if project.grantee else ""
    return f"{author}“{project.title}.” {site}, index {generation}. {url} (read {day})."
