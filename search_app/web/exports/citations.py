"""One project as an entry of a bibliography: BibTeX and RIS."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b

from indexer.document import Project
from search_app.web.exports.feeds import xml_text

BIBTEX_TYPE, RIS_TYPE = "application/x-bibtex", "application/x-research-info-systems"
# A key that every reader of BibTeX takes, and none takes for another: they do not tell capitals apart.
_PLAIN_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}", re.ASCII)
_NOT_IN_KEYS = re.compile(r"[^a-z0-9.-]+", re.ASCII)
_KEY_BEGINNING = 40
# Braces are counted also behind a backslash, so that none may stand in a text.
_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{mark: f"\\{mark}" for mark in "%&#$_"},
    }
)


@dataclass(frozen=True, slots=True)
class Citation:
    """A project, and where and when it was read: the site, the address, the generation, the day."""

    project: Project
    site: str
    url: str
    generation: str
    day: date


def key(project_id: str) -> str:
    """Return the key of a project, one for each id: the id itself where it is plain, else with a hash."""
    if _PLAIN_KEY.fullmatch(project_id):
        return project_id
    # An underscore stands in no plain key.
    beginning = _NOT_IN_KEYS.sub("-", project_id.lower()).strip(".-")[:_KEY_BEGINNING]
    return f"{beginning or 'project'}_{blake2b(project_id.encode(), digest_size=8).hexdigest()}"


def bibtex(cited: Citation) -> bytes:
    """Return an entry of BibTeX (`@misc`, in UTF-8, with the fields of biblatex for dates and address)."""
    project = cited.project
    fields = [
        ("title", _exactly(project.title)),
        ("author", _exactly(project.grantee)),
        ("year", _year(project)),
        ("date", _period(project)),
        ("howpublished", _latex(cited.site)),
        ("note", _latex(f"Index {cited.generation}")),
        # The one field that is read as it stands; what an address may not have is encoded in it.
        ("url", cited.url),
        ("urldate", cited.day.isoformat()),
        ("abstract", _latex(project.description)),
    ]
    lines = "".join(f"  {name} = {{{text}}},\n" for name, text in fields if text)
    return f"@misc{{{key(project.id)},\n{lines}}}\n".encode()


def ris(cited: Citation) -> bytes:
    """Return a record of RIS, a tag a line."""
    project = cited.project
    fields = [
        ("TY", "GEN"),
        ("ID", key(project.id)),
        ("TI", project.title),
        ("AU", project.grantee),
        ("PY", _year(project)),
        ("DA", project.start.isoformat().replace("-", "/") if project.start else ""),
        ("AB", project.description),
        ("DB", cited.site),
        ("N1", f"Index {cited.generation}"),
        ("UR", cited.url),
        ("Y2", cited.day.isoformat().replace("-", "/")),
    ]
    return "".join([*_tagged(fields), "ER  - \r\n"]).encode()


def _tagged(fields: Iterable[tuple[str, str]]) -> Iterable[str]:
    for name, text in fields:
        if line := _line(text):
            yield f"{name}  - {line}\r\n"


def _line(text: str) -> str:
    """Return a text as one line, without what is no character of a text."""
    return " ".join(xml_text(text).split())


def _latex(text: str) -> str:
    return _line(text).translate(_LATEX)


def _exactly(text: str) -> str:
    """Return a text that keeps its capitals, and is one name whatever commas it has."""
    return f"{{{_latex(text)}}}" if text.strip() else ""


def _year(project: Project) -> str:
    # `%Y` has fewer than four digits for years before 1000, on some systems.
    return project.start.isoformat()[:4] if project.start else ""


def _period(project: Project) -> str:
    start = project.start.isoformat() if project.start else ""
    end = project.end.isoformat() if project.end else ""
    return f"{start}/{end}" if start and end else start
