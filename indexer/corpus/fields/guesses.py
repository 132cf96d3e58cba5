"""What a column may be whose name is not known, and which of several titles and ids are those of projects."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from indexer.corpus.fields.composed import is_length, speaks_of, words_of
from indexer.corpus.fields.names import FIELDS_BY_KEY, field_of, key_of
from indexer.text.visible import says_something

# How alike two names must be (difflib's ratio): a letter more, less or other in a word of seven.
_NEARNESS = 0.82
_SHORTEST = 4
_LONGEST = 60
# Words that make of a field another thing: "organization URL" is no slip for "organization name".
_OTHER_THINGS = frozenset("url website email phone form type city address postcode uri vat status".split())
_IDS = {"id", "ids", "code"}
# Words that make an id, the surest first, or a title, of what the other words of a heading name.
_IDENTIFYING = ("number", "no", "nr", "num", "id", "identifier")
_TITLES = frozenset("title titles name".split())
# What a list may give that is the project, where nothing in it is called one.
_INSTEAD = frozenset(
    "investment intervention initiative contribution study research fellowship scholarship studentship"
    " proposal engagement loan".split()
)
# Words that head the first and the last day, where two columns have nothing else to say.
_BETWEEN = tuple(
    pair.split("/")
    for pair in "from/to from/until from/till von/bis desde/hasta du/au dal/al van/tot".split()
)
# How columns of a recipient begin that only countries have.
_OF_COUNTRIES = ("recipientiso", "recipientregion", "recipientincomegroup")
# Keys of columns beside "Title" for how a person is addressed, and words for what is given.
_PERSONS = frozenset("firstname forename givenname surname lastname familyname initials".split())
_GIVEN = frozenset("project projects grant award activity proposal application".split())
# A list with fewer columns lacks more than names.
_ENOUGH_COLUMNS = 3
# Of so many columns the names are shown where none is a title.
_SHOWN = 6


def nearest(name: str, found: set[str]) -> str:
    """Return the field whose name is nearest to that of a column, "" if none is near or it is `found`.

    "Projct Titel" -> "title".
    """
    key = key_of(name)
    words = {*words_of(name)}
    # "Award" alone is the amount, or the prize, and no slip for "Award no"; "Award date" none for its end.
    only_given = bool(words) and words <= _GIVEN | {"date"}
    if not _SHORTEST <= len(key) <= _LONGEST or words & _OTHER_THINGS or only_given:
        return ""
    field = _nearest(key)
    is_id = field == "id" or _IDS.isdisjoint(words_of(name))
    is_dated = field == "span" and bool(found & {"start", "end"})
    return field if is_id and field not in found and not is_dated else ""


def missing(names: Sequence[str], found: set[str], left: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield what no column of a list says, where others speak of it: the dates, the grantee; and these.

    `found` are the fields that columns of `names` became, `left` the columns that became none.
    """
    if len(names) < _ENOUGH_COLUMNS:
        return
    others = _OTHER_THINGS | _IDS
    spoken = {name: speaks_of(name) if others.isdisjoint(words_of(name)) else set() for name in left}
    if not found & {"start", "span"}:
        wanted = {"start"} if "end" in found else {"start", "end"}
        near = [name for name in left if spoken[name] & wanted]
        if near := near or [name for name in left if "day" in spoken[name]]:
            yield "when a project starts" if "end" in found else "when a project starts or ends", near
    if "grantee" not in found and (near := [name for name in left if "grantee" in spoken[name]]):
        yield "who the grantee is", near


def length_alone(names: Sequence[str], found: set[str]) -> str:
    """Return what is to be told where a list says when projects start and how long they take, and no end."""
    lengths = [name for name in names if is_length(name)]
    if "start" not in found or "end" in found or not lengths:
        return ""
    return f'no column says when a project ends; "{lengths[0]}" is kept, and no end is reckoned from it'


@cache
def _names() -> list[str]:
    return [*FIELDS_BY_KEY]


def _nearest(key: str) -> str:
    near = get_close_matches(key, _names(), n=1, cutoff=_NEARNESS)
    return FIELDS_BY_KEY[near[0]][1] if near else ""


def why_no_title(rows: Iterable[Sequence[str]]) -> str:
    """Return why rows of a table cannot be headings, with the column that is perhaps meant for the title."""
    reason = "no column is named title; the first row must name the columns, or fields.toml the title"
    first: list[str] = []
    for names in rows:
        for name in names:
            if nearest(name, set()) == "title":
                return f'{reason}. Is it "{name.strip()}"?'
        first = first or [name.strip() for name in names if says_something(name) and len(name) <= _LONGEST]
    # A day or a number is no heading: it is the first project then, and names nothing.
    if len(first) < _ENOUGH_COLUMNS or not all(any(map(str.isalpha, name)) for name in first):
        return reason
    listed = ", ".join(f'"{name}"' for name in first[:_SHOWN]) + (" …" if len(first) > _SHOWN else "")
    return f"{reason}: below [columns], title = one of {listed}"


def is_salutation(names: Sequence[str], place: int) -> bool:
    """Return whether a column "Title" stands beside the names of a person: it may hold "Dr"."""
    beside = {key_of(name) for name in names[max(place - 1, 0) : place + 2]}
    return key_of(names[place]) == "title" and not _PERSONS.isdisjoint(beside)


def title_of_project(names: Sequence[str], otherwise: int) -> int:
    """Return the place of the surest title that says that it is one of a project or grant."""
    found = [(field_of(name)[0], place) for place, name in enumerate(names) if _names_project(name)]
    return min(found, default=(0, otherwise))[1]


def title_instead(names: Sequence[str]) -> int:
    """Return the place of the one title, or name, of what a list gives under another word; -1 if none is.

    "Investment name", where no column is the title of a project or grant.
    """
    found = [
        place
        for place, words in enumerate({*words_of(name)} for name in names)
        if words & _TITLES and words - _TITLES and words - _TITLES <= _INSTEAD
    ]
    return found[0] if len(found) == 1 else -1


def id_beside(names: Sequence[str], title: str) -> int:
    """Return the place of a column that numbers what has the `title`, and says so in its words; -1 if none.

    "Proposal ID" beside "Proposal Title", "Operation Number" beside "Operation Name".
    """
    of_what = {*words_of(title)} - _TITLES
    if not of_what:
        return -1
    identified = ({*words_of(name)} for name in names)
    ranked = [
        (min(map(_IDENTIFYING.index, words - of_what)), place)
        for place, words in enumerate(identified)
        if words > of_what and words - of_what <= {*_IDENTIFYING}
    ]
    return min(ranked, default=(0, -1))[1]


def between(names: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Return the places of the first and the last day where columns are headed From and To; else nothing.

    For tables that have no other dates: what is no day in them is told, as in any column of days.
    """
    keys = [*map(key_of, names)]
    for first, last in _BETWEEN:
        if keys.count(first) == 1 == keys.count(last):
            return {"start": (keys.index(first),), "end": (keys.index(last),)}
    return {}


def receiving_countries(names: Sequence[str]) -> set[int]:
    """Return the places of recipients that are countries: in lists of aid a region or code stands beside."""
    keys = [*map(key_of, names)]
    if not any(key.startswith(_OF_COUNTRIES) for key in keys):
        return set()
    return {place for place, key in enumerate(keys) if key in ("recipient", "recipientname")}


def _names_project(name: str) -> bool:
    return field_of(name)[1] == "title" and not _GIVEN.isdisjoint(words_of(name))


def id_of_the_same(names: Sequence[str], otherwise: int, title: str) -> int:
    """Return the place of the surest id of what has the `title`, where the id there is that of another thing.

    An award has several projects: by its number each would take the place of the one before.
    """
    given = {*words_of(title)} & _GIVEN
    others = {*words_of(names[otherwise])} & _GIVEN
    if not given or not others or given & others:
        return otherwise
    found = [(field_of(name), place) for place, name in enumerate(names) if given & {*words_of(name)}]
    same = [(rank, place) for (rank, field), place in found if field == "id"]
    return min(same, default=(0, otherwise))[1]
