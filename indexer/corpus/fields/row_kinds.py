"""Rows of a table that are no projects: totals, sources and notes below, page numbers, footers.

A row is left out only for what it says of itself, and only if it has nothing that a project has: a project
may be called "Total Access to Health" or "Source: Water for All".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from string import ascii_lowercase

from indexer.corpus.fields.layout import Layout
from indexer.corpus.fields.names import FIELDS_BY_KEY, key_of

# What the rows of a list of columns are told as.
NAMES_OF_COLUMNS = "names of columns"
TOTALS = "totals"
# So many fields among the first titles are no chance: no projects are called "Start", "End" and "Grantee".
_ENOUGH_FIELDS, _FIRST_TITLES = 3, 25
# A row that counts fewer may be a project.
_ENOUGH_COLUMNS = 4
# Longer texts are sentences of a project.
_LONGEST = 400
_TOTAL = re.compile(
    r"(?:grand |sub[- ]?|overall |gran |page )?(?:totals?|totales|totaux|totais|totale|totali|totaal|totalt"
    r"|sums?|suma|summe|summa|somme|somma|soma|som|gesamt|gesamtsumme|gesamtbetrag|insgesamt|i alt|razem"
    r"|celkem|yhteens[a\u00e4])"
    r"(?: g[e\u00e9]n[e\u00e9]ral| geral| general)?"
    r"(?:\s*[:=]|\s*\([^()]*\)|\s+(?:of |de |des |for )?[\d.,\s]*(?:projects?|grants?|awards?|records?|rows?"
    r"|proyectos?|projets?|projetos?|amount|cost|funding|usd|eur|gbp)?\b)?[\s\d.,:$\u20ac\u00a3]*",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    r"(?:data )?(?:sources?|notes?|n\.?b\.?|fuentes?|notas?|fontes?|remarks?|observaciones"
    r"|observa\u00e7\u00f5es|remarques?|disclaimer|\*+|\u00b9|\u2020)\s*[:.]\s*\S.*|[*\u2020\u2021]+\s*\S.*",
    re.IGNORECASE | re.DOTALL,
)
_PAGE = re.compile(
    r"(?:page|p\u00e1gina|seite)\s+\d+(?:\s*(?:of|de|sur|/|von)\s*\d+)?"
    r"|(?:showing|displaying|mostrando|affichage de|exibindo)\s.{0,20}\d.{0,60}"
    r"|\(?\d+\s+(?:results?|records?|rows?|resultados|r\u00e9sultats)\)?(?: in set.{0,20})?",
    re.IGNORECASE,
)
# "\u00ab Previous 1 2 3 Next \u00bb": nothing but these words, marks and numbers.
_PAGER_WORDS = frozenset(
    "previous prev next first last page of anterior siguiente primera \u00faltima pr\u00e9c\u00e9dent suivant"
    " pr\u00f3ximo pr\u00f3xima \u00ab \u00bb \u2039 \u203a < > \u2026".split()
)
_PAGER_MARKS = frozenset("|.-,[]()/")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_FOOTER = re.compile(
    r"(?:last )?(?:updated|generated|exported|downloaded|printed|retrieved|produced|created|extracted)"
    r"(?: on| at| by)?\s*:?\s+.{0,120}|(?:data )?as (?:of|at)\b.{0,120}"
    r"|end of (?:report|file|list|table|data)\.?|(?:\u00a9|\(c\)|copyright\b).{0,200}"
    r"|all rights reserved.{0,100}"
    r"|(?:actualizado|generado|mis \u00e0 jour|g\u00e9n\u00e9r\u00e9|atualizado|gerado)\b.{0,120}"
    r"|(?:applied filters?|filters applied|filtros aplicados|filtres appliqu\u00e9s|angewendete filter"
    r"|filtri applicati)\s*:.*"
    r"|confidential information\b.{0,80}|back to top",
    re.IGNORECASE | re.DOTALL,
)
# "|---|:--:|" of Markdown, "=====" under headings, "+----+-----+" as databases print.
_RULE = re.compile(r"\s*(?:\+|:)?[-=_\u2014]{2,}[-=_\u2014+]*:?\s*")
_AMOUNT = re.compile(r"-?(?:[A-Z]{3} ?)?[$\u20ac\u00a3]?[\s\d.,'%()]+(?: ?[A-Z]{3})?")
# Kinds as they are told, in the order in which they are tried.
_KINDS = (
    ("sources and notes", _SOURCE),
    ("page numbers", _PAGE),
    ("footers", _FOOTER),
)


def may_list_columns(layout: Layout) -> bool:
    """Return whether a table has so little of projects that it may list columns instead."""
    return layout.grantee < 0 and not layout.date_places()


def are_names_of_columns(titles: Iterable[str]) -> bool:
    """Return whether titles are names of columns: of a dictionary of data, or of a table on its side."""
    keys = map(key_of, islice((title for title in titles if title.strip()), _FIRST_TITLES))
    return len({FIELDS_BY_KEY[key][1] for key in keys if key in FIELDS_BY_KEY}) >= _ENOUGH_FIELDS


def row_kind(layout: Layout, cells: Sequence[str]) -> str:
    """Return what a row is that is no project ("totals", "footers" …), "" for one that may be a project.

    `cells` are those of a whole row; a row that has a grantee, a description or a date is never left out.
    """
    first = next((cell for cell in cells if cell and not cell.isspace()), "").strip()
    if first and all(_RULE.fullmatch(cell) for cell in cells if cell):
        return "rules"
    if _numbers_columns(cells):
        return "numbers of columns"
    if not first or len(first) > _LONGEST or has_project(layout, cells, first):
        return ""
    if _TOTAL.fullmatch(first):
        return TOTALS
    # Others stand alone in their row, or are repeated over merged columns.
    if any(cell.strip() not in ("", first) for cell in cells):
        return ""
    return next((kind for kind, pattern in _KINDS if pattern.fullmatch(first)), "") or _pager(first)


def _numbers_columns(cells: Sequence[str]) -> bool:
    """Return whether a row below the headings only counts the columns: "(1)", "(2)", "(3)", or by letters."""
    texts = [cell.strip().strip("()[].").lower() for cell in cells]
    counted = len(texts) >= _ENOUGH_COLUMNS
    return counted and (
        texts == [str(number) for number in range(1, len(texts) + 1)]
        or texts == [*ascii_lowercase[: len(texts)]]
    )


def _pager(text: str) -> str:
    words = {word for word in _TOKEN.findall(text.casefold()) if not word.isdigit()} - _PAGER_MARKS
    return "page numbers" if words and words <= _PAGER_WORDS else ""


def has_project(layout: Layout, cells: Sequence[str], first: str) -> bool:
    """Return whether a row has what a project has, besides its title and amounts."""
    places = (layout.description, layout.grantee, *layout.date_places())
    texts = (cells[place].strip() for place in places if 0 <= place < len(cells))
    return any(text and text != first and not _AMOUNT.fullmatch(text) for text in texts)
