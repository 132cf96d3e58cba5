"""Tables of other things than projects, told by their columns: organisations, people, papers, deliverables.

Publishers pack them beside their projects, and their names and titles would pass for those of projects. A
table is one of them only if it has columns that no list of projects has, and none for what a project has.
"""

from __future__ import annotations

from collections.abc import Sequence

from indexer.corpus.fields.composed import words_of
from indexer.corpus.fields.layout import Layout
from indexer.corpus.fields.names import key_of
from indexer.corpus.fields.said import Said

BODIES, PUBLICATIONS, DELIVERABLES = "organisations or people", "publications", "deliverables"
OTHER_THINGS = frozenset([BODIES, PUBLICATIONS, DELIVERABLES])
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
_OWN_IDS = frozenset("organisationid organizationid orgid personid".split())
_ENOUGH = 2


def other_things(names: Sequence[str], layout: Layout, said: Said = ()) -> str:
    """Return what a table lists instead of projects, "" if it may list projects, or the corpus `said` so."""
    keys = {*map(key_of, names)}
    if any(field == "title" and key_of(name) in keys for name, field in said):
        return ""
    if keys & _DELIVERED and keys & _OWNERS:
        return DELIVERABLES
    if layout.grantee >= 0 or layout.start >= 0 or layout.end >= 0 or layout.title < 0:
        return ""
    if keys & _PRINTED and len(keys & (_PRINTED | _WRITTEN)) >= _ENOUGH:
        return PUBLICATIONS
    if layout.description >= 0 or layout.span >= 0:
        return ""
    return BODIES if key_of(names[layout.title]) in _NAMES and _are_bodies(names, keys, layout) else ""


def _are_bodies(names: Sequence[str], keys: set[str], layout: Layout) -> bool:
    """Return whether a table of names has the columns of organisations or people; grants have amounts."""
    reached = {one for name in names for one in ({key_of(name)} | {*words_of(name)}) & _REACHED}
    if keys & _OWNERS and keys & _OWN_IDS:
        return bool(reached)
    return len(reached) >= _ENOUGH and "amount" not in layout.kinds
