"""Tables of other things than projects, told by their columns: organisations, people, papers, deliverables.

Publishers pack them beside their projects, and their names and titles would pass for those of projects. A
table is one of them only if it has columns that no list of projects has, and none for what a project has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import islice

from indexer.corpus.fields.composed import words_of
from indexer.corpus.fields.layout import MAX_COLUMNS, Layout, layout_of
from indexer.corpus.fields.names import key_of
from indexer.corpus.fields.said import Said

BODIES, PUBLICATIONS, DELIVERABLES = "organisations or people", "publications", "deliverables"
TOPICS = "topics or links of projects"
OTHER_THINGS = frozenset([BODIES, PUBLICATIONS, DELIVERABLES, TOPICS])
# What a graph of linked data (JSON-LD, schema.org) has beside projects and grants, in small letters.
_THINGS = frozenset(
    "organization governmentorganization ngo educationalorganization collegeoruniversity corporation"
    " researchorganization fundingagency person place country administrativearea city postaladdress"
    " contactpoint website webpage collectionpage breadcrumblist listitem imageobject monetaryamount".split()
)
TYPE = "@type"
# What may head the names of anything.
_NAMES = frozenset(["name", "nombre", "nom", "nome"])
# Words and keys of columns by which people and organisations are reached or known.
_REACHED = frozenset(
    "email mail phone telephone mobile fax street address postcode postalcode zip zipcode vat vatnumber orcid"
    " surname firstname lastname jobtitle salutation shortname legalname correo telefono direccion courriel"
    " adresse telefone endereco telefax strasse plz".split()
)
_PRINTED = frozenset(
    "journal journaltitle journalname journalnumber issn isbn pmid pmcid publicationtype ispublishedas"
    " publishedpages volume issue".split()
)
_WRITTEN = frozenset("author authors authorlist doi publisher pages publishedyear publicationyear".split())
_DELIVERED = frozenset(["deliverabletype"])
# Keys of columns that say which project something belongs to, and which body it is.
_OWNERS = frozenset("projectid grantid awardid projectnumber grantnumber awardnumber".split())
# What only the lists beside CORDIS's projects have: of topics, fields of science, policies, web sites.
_OF_TOPICS = frozenset("euroscivoccode policypriorities uniqueprogrammepart physurl".split())
_OWN_IDS = frozenset("organisationid organizationid orgid personid".split())
_ENOUGH = 2
# Titles that are looked at to tell topics, and of fewer nothing is said.
LOOKED_AT, _FEWEST_TITLES = 200, 3
# Sets of columns that are remembered: records of JSON have each their own.
_TABLES = 256


@lru_cache(maxsize=_TABLES)
def other_things(names: tuple[str, ...], said: Said = ()) -> str:
    """Return what a table lists instead of projects, "" if it may list projects, or the corpus `said` so."""
    keys = {*map(key_of, names)}
    layout = layout_of(names, said) if len(names) <= MAX_COLUMNS else None
    if any(field == "title" and key_of(name) in keys for name, field in said):
        return ""
    if keys & _DELIVERED and keys & _OWNERS:
        return DELIVERABLES
    if keys & _OF_TOPICS and keys & _OWNERS:
        return TOPICS
    if layout is None:
        return ""
    if layout.grantee >= 0 or layout.start >= 0 or layout.end >= 0 or layout.title < 0:
        return ""
    if keys & _PRINTED and len(keys & (_PRINTED | _WRITTEN)) >= _ENOUGH:
        return PUBLICATIONS
    if layout.description >= 0 or layout.span >= 0:
        return ""
    return BODIES if key_of(names[layout.title]) in _NAMES and _are_bodies(names, keys, layout) else ""


def may_list_topics(names: tuple[str, ...], layout: Layout, said: Said = ()) -> bool:
    """Return whether a table has ids of projects, titles, and something that is nothing of a project."""
    is_said = any(field == "title" for _, field in said)
    of_projects = layout.id >= 0 and key_of(names[layout.id]) in _OWNERS
    return (
        of_projects and layout.known == _ENOUGH and layout.title >= 0 and bool(layout.extra) and not is_said
    )


def are_topics(titles: Iterable[str]) -> bool:
    """Return whether titles are those of topics: many projects have the same, as no projects have."""
    first = [*islice(titles, LOOKED_AT)]
    return len(first) >= _FEWEST_TITLES and 2 * len({*first}) <= len(first)


def kind_of_record(names: tuple[str, ...], values: Sequence[object], said: Said = ()) -> str:
    """Return what a record with columns of its own is that its type or they tell to be no project, or ""."""
    if TYPE in names:
        types = _listed(values[names.index(TYPE)])
        if types and all(re.split(r"[/#:]", one.lower())[-1] in _THINGS for one in types):
            return "things of another type"
    return other_things(names, said)


def _listed(types: object) -> list[str]:
    return [*map(str, types)] if isinstance(types, list) else str(types or "").split("; ")


def _are_bodies(names: Sequence[str], keys: set[str], layout: Layout) -> bool:
    """Return whether a table of names has the columns of organisations or people; grants have amounts."""
    reached = {one for name in names for one in ({key_of(name)} | {*words_of(name)}) & _REACHED}
    if keys & _OWNERS and keys & _OWN_IDS:
        return bool(reached)
    return len(reached) >= _ENOUGH and "amount" not in layout.kinds
