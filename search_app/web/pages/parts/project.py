"""What a project's page says besides the project: how it was found, how to cite it, its structured data."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from indexer.document import Project
from indexer.text.analysis import STOP_WORDS, separate
from indexer.text.stemming import uncorrected as stem
from search_app.backend.returned import DESCRIPTION_LENGTH
from search_app.web.answers import LinkedSimilar

# Words that tell a near project apart: how many are shown, and the letters of the shortest.
MOST_TELLING, SHORTEST_TELLING = 6, 4
# Characters of a text whose words are worked out; of a longer one it is not said which words it lacks.
MOST_COMPARED = 20_000
SCHEMA_ORG = "https://schema.org"


@dataclass(frozen=True, slots=True)
class Trail:
    """The way back to the results, and to the projects before and after."""

    results: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class NearProject:
    """A near project, and what tells it apart from the one of the page, "" where that is too long to tell."""

    linked: LinkedSimilar
    apart: str


def near_projects(project: Project, linked: Iterable[LinkedSimilar]) -> list[NearProject]:
    """Return near projects, each with the words that only it has, those of its title first."""
    text = f"{project.title} {project.description}"
    if len(text) > MOST_COMPARED:
        return [NearProject(one, "") for one in linked]
    known = {stem(word.text) for word in separate(text)}
    return [NearProject(one, _apart(one.project, known)) for one in linked]


def _apart(other: Project, known: Collection[str]) -> str:
    telling: dict[str, str] = {}
    for text in (other.title, other.description):
        for word in separate(text):
            if len(word.text) >= SHORTEST_TELLING and word.text not in STOP_WORDS:
                telling.setdefault(stem(word.text), text[word.start : word.end])
    apart = [word for term, word in telling.items() if term not in known][:MOST_TELLING]
    return f"Only in this one: {', '.join(apart)}" if apart else "The same words"


def structured(project: Project, url: str) -> Markup:
    """Return a project in the vocabulary of schema.org (JSON-LD): an element of data, which nothing runs."""
    described: dict[str, object] = {
        "@context": SCHEMA_ORG,
        "@type": "Project",
        "@id": url,
        "url": url,
        "identifier": project.id,
        "name": project.title,
        "description": _beginning(project.description),
        "foundingDate": _iso(project.start),
        "dissolutionDate": _iso(project.end),
        "member": {"@type": "Organization", "name": project.grantee} if project.grantee else None,
    }
    known = {name: value for name, value in described.items() if value}
    return Markup('<script type="application/ld+json">{}</script>').format(htmlsafe_json_dumps(known))


def _beginning(text: str) -> str:
    return text if len(text) <= DESCRIPTION_LENGTH else f"{text[:DESCRIPTION_LENGTH]} …"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def citation(project: Project, site: str, url: str, updated: str, day: str) -> str:
    """Return a sentence that says where this was read: title, address, day of the index, day of reading."""
    author = f"{project.grantee.rstrip('.')}. " if project.grantee else ""
    return f"{author}“{project.title}.” {site}, as of {updated}. {url} (read {day})."
