"""Columns to fields: which column of a source says what.

A publisher that is known by its columns is taken at its word (`publishers`); else names decide (`names`). Of
several columns for a field the surest counts; the others are kept as extra.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from indexer.corpus.fields.composed import (
    is_length,
    is_of_a_period,
    is_to_date,
    says_from,
    says_who_receives,
    whatever_language,
    without_how_meant,
    words_of,
)
from indexer.corpus.fields.guesses import (
    between,
    id_beside,
    id_of_the_same,
    is_salutation,
    receiving_countries,
    title_instead,
    title_of_project,
)
from indexer.corpus.fields.names import Kind, field_of, key_of, kind_of
from indexer.corpus.fields.publishers import FIELDS, Publisher, publisher_of
from indexer.corpus.fields.said import Said, as_said
from indexer.corpus.texts import clean

# The place of a field that has no column: that of the None after the last value of every record.
ABSENT = -1
# Wider than any list of grants; a record with more is something else.
MAX_COLUMNS = 500
# Fields beside a description that make a list of projects of a table without titles.
_ENOUGH_FIELDS = 2
# The column in which portals of open data (CKAN) number the rows, anew whenever a list is replaced; document
# databases have real ids under the same name, which are seldom numbers, and search engines beside an index.
ROW_NUMBERS = "_id"
_OF_AN_INDEX = "_index"
# What a document of Firestore has beside its fields: `name` is the path by which it is called, like an id.
_OF_A_DOCUMENT = frozenset(["name", "createTime", "updateTime"])
_LAST_CHOICE = 9_000
# Keys of columns that say which project something belongs to.
_OWNERS = ("projectid", "grantid", "awardid")
# "Fiscal year", "FY", "FiscalYear_Exercice"
_FISCAL = frozenset(["fiscal", "fy"])
# Sets of columns that are remembered; a file has one or a few, a hostile one many.
_LAYOUTS = 256


@dataclass(frozen=True, slots=True)
class Layout:
    """Where each field stands among the values of a record, and the names and places of the other columns.

    `others` has the columns that stand in for a field whose own is empty; `title_from` is the column
    whose first sentence is the title where there is none. `bare_years` says whether a year alone is a
    span, and `fiscal` that it is a fiscal one. `ids_count_rows` says that numbers in the column of ids
    only count rows. `kinds` has what each of the extra columns is about.
    """

    title: int
    id: int = ABSENT
    description: int = ABSENT
    start: int = ABSENT
    end: int = ABSENT
    span: int = ABSENT
    grantee: int = ABSENT
    extra: tuple[tuple[str, int], ...] = ()
    known: int = 1
    others: tuple[tuple[int, tuple[int, ...]], ...] = ()
    title_from: int = ABSENT
    bare_years: bool = True
    fiscal: bool = False
    kinds: tuple[Kind, ...] = ()
    ids_count_rows: bool = False
    publisher: Publisher | None = None

    def place(self, field: str) -> int:
        """Return where a field of `FIELDS` stands, -1 if it has no column."""
        place: int = getattr(self, field)
        return place

    def date_places(self) -> tuple[int, ...]:
        """Return where dates stand, those that stand in for others too."""
        places = [place for place in (self.start, self.end, self.span) if place >= 0]
        return (*places, *(one for place, others in self.others if place in places for one in others))


@lru_cache(maxsize=_LAYOUTS)
def layout_of(names: tuple[str, ...], said: Said = ()) -> Layout | None:
    """Return the layout that column names give, or None if they name no projects.

    What the corpus has `said` of a column counts before all else. Without a column for titles there are
    projects where descriptions stand beside two other fields.

    Raises ValueError if there are more than `MAX_COLUMNS`.
    """
    if len(names) > MAX_COLUMNS:
        raise ValueError(f"{len(names)} columns; at most {MAX_COLUMNS}")
    keys = tuple(map(key_of, names))
    publisher = publisher_of(frozenset(keys))
    chosen = _published(publisher, names, keys) if publisher else _places(names)
    if chosen.keys() == {"id", "title"} and (owner := next((one for one in _OWNERS if one in keys), "")):
        # What belongs to projects may have ids of its own: whose it is counts.
        chosen["id"] = (keys.index(owner),)
    if said:
        chosen = as_said(said, keys, chosen)
    if (
        "title" not in chosen
        and not (publisher and publisher.title_from)
        and not _is_described(names, chosen)
    ):
        return None
    if chosen.keys() & {"start", "end"}:
        chosen.pop("span", None)
    return _layout(names, keys, chosen, publisher)


def _layout(
    names: tuple[str, ...],
    keys: tuple[str, ...],
    chosen: dict[str, tuple[int, ...]],
    publisher: Publisher | None,
) -> Layout:
    places = {field: found[0] for field, found in chosen.items()}
    title_from = next(_places_of(publisher.title_from, keys), ABSENT) if publisher else ABSENT
    if title_from < 0 and "title" not in places:
        title_from = places["description"]
    span = names[places["span"]] if "span" in places else ""
    # The text of a span stays an extra as well: it may say more than two days.
    taken = {place for field, place in places.items() if field != "span"}
    if publisher and publisher.without:
        taken |= {place for place, key in enumerate(keys) if key in publisher.without}
    extra = _extra(names, taken)
    return Layout(
        **{"title": ABSENT, **places},
        extra=extra,
        # A publisher's own list is surer than any number of usual names.
        known=len(places) + (len(FIELDS) if publisher else 0),
        others=tuple((found[0], found[1:]) for found in chosen.values() if len(found) > 1),
        title_from=title_from,
        bare_years=not is_length(span),
        fiscal=not _FISCAL.isdisjoint(words_of(span)),
        ids_count_rows=places.get("id", ABSENT) >= 0
        and names[places["id"]] == ROW_NUMBERS
        and _OF_AN_INDEX not in names,
        kinds=tuple(_kind(keys[place], names[place], publisher) for _, place in extra),
        publisher=publisher,
    )


def _published(
    publisher: Publisher, names: tuple[str, ...], keys: tuple[str, ...]
) -> dict[str, tuple[int, ...]]:
    found = {field: tuple(_places_of(columns, keys)) for field, columns in publisher.fields.items()}
    found = {field: places for field, places in found.items() if places}
    taken = {place for places in found.values() for place in places}
    for field, places in _places(names).items():
        # A column that somebody added or renamed; but no title where the publisher has none by design.
        if field not in found and not taken & {*places} and not (field == "title" and publisher.title_from):
            found[field] = places
    return found


def _is_described(names: Sequence[str], chosen: dict[str, tuple[int, ...]]) -> bool:
    """Return whether columns tell of projects that have descriptions and no titles."""
    others = len(chosen.keys() & {"id", "start", "end", "span", "grantee"})
    # What each grantee was given, and for what, is a list of grants: "Grantee", "Purpose", "Amount".
    if "grantee" in chosen and says_who_receives(names[chosen["grantee"][0]]):
        others += any(kind_of(name) == "amount" for name in names)
    return "description" in chosen and others >= _ENOUGH_FIELDS


def _places_of(columns: tuple[str, ...], keys: tuple[str, ...]) -> Iterator[int]:
    return (keys.index(key) for key in columns if key in keys)


def _places(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    best: dict[str, tuple[int, int]] = {}
    countries = receiving_countries(names)
    is_document = {*names} >= _OF_A_DOCUMENT
    for place, name in enumerate(names):
        rank, field = (_LAST_CHOICE, "id") if is_document and name == "name" else field_of(name)
        if field and place not in countries:
            best[field] = min((rank, place), best.get(field, (rank, place)))
    found: dict[str, tuple[int, ...]] = {field: (place,) for field, (_, place) in best.items()}
    end = names[found["end"][0]] if "end" in found else ""
    if (is_to_date(end) and not _starts_from(names, found)) or ("start" not in found and is_of_a_period(end)):
        del found["end"]
    if found.keys().isdisjoint({"start", "end", "span"}):
        found |= between(names)
    for field in found.keys() - {"id", "span"}:
        found[field] += tuple(_standing_in(names, field, found[field][0]))
    if "title" in found and is_salutation(names, found["title"][0]):
        found["title"] = (title_of_project(names, found["title"][0]),)
    if "title" not in found and (place := title_instead(names)) >= 0:
        found["title"] = (place,)
    if "title" in found:
        title = names[found["title"][0]]
        place = id_of_the_same(names, found["id"][0], title) if "id" in found else id_beside(names, title)
        if place >= 0:
            found["id"] = (place,)
    return found


def _standing_in(names: Sequence[str], field: str, chosen: int) -> list[int]:
    """Return the places of what stands in for a field where the chosen column is empty, the surest first."""
    others = [
        (rank, place)
        for place, (rank, named) in enumerate(map(field_of, names))
        if place != chosen and named == field and _says_the_same(field, names[place], names[chosen])
    ]
    return [place for _, place in sorted(others)]


def _says_the_same(field: str, name: str, other: str) -> bool:
    """Return whether columns of a field have the same: a date as planned, a text in another language."""
    if field in ("start", "end"):
        return without_how_meant(name) == without_how_meant(other)
    # Any description is better than none; but what else has a name, or a title, may be another thing.
    in_other_language = whatever_language(name) == whatever_language(other) and key_of(name) != key_of(other)
    return field == "description" or in_other_language


def _starts_from(names: Sequence[str], found: dict[str, tuple[int, ...]]) -> bool:
    return "start" in found and says_from(names[found["start"][0]])


def _kind(key: str, name: str, publisher: Publisher | None) -> Kind:
    return (publisher and publisher.kinds.get(key)) or kind_of(name)


def _extra(names: Sequence[str], taken: set[int]) -> tuple[tuple[str, int], ...]:
    places: dict[str, int] = {}
    for place, name in enumerate(names):
        if place not in taken and (shown := clean(name)):
            places[f"{shown} ({place + 1})" if shown in places else shown] = place
    return tuple(places.items())
