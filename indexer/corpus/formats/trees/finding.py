"""Where the records of a JSON file are: the list, or the object of objects, that looks most like projects."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.corpus.fields import MAX_COLUMNS, Layout, Said, field_of, layout_of
from indexer.corpus.formats.trees.flattening import (
    DATE_PARTS,
    TERMS,
    inner_path,
    is_property,
    is_term,
    is_wrapper,
)
from indexer.corpus.formats.trees.nesting import ANY, Open, Path, are_titles, place_in

# So many objects of one list that look like projects are enough.
_ENOUGH = 25
# Fields by which objects are records that only lack a title; names of members that are kept.
_ENOUGH_FIELDS, _MOST_NAMES = 2, 10_000
# How far it is looked for, in events: some seconds.
_MOST_EVENTS = 20_000_000

Score = tuple[bool, int, int]


@dataclass(slots=True)
class _Open(Open):
    """One with the paths seen below it, `columns`, and those of them that no list of objects has, `own`.

    `objects` counts those in a list: several are records of their own, not parts of the one around. `title`
    is its name, `has_type` tells that it says its type: it may describe a column. `kind` is that type, and
    `term` too, if it is one of linked data.
    """

    columns: dict[str, None] = field(default_factory=dict)
    own: dict[str, None] = field(default_factory=dict)
    objects: int = 0
    title: str = ""
    has_type: bool = False
    kind: str = ""
    term: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """The path to the records of a file, and how many columns of a project they have."""

    path: Path
    known: int


@dataclass(frozen=True, slots=True)
class Untitled:
    """The path to objects that have fields of projects and no title, and the names of their columns."""

    path: Path
    columns: tuple[str, ...] = ()

    @property
    def known(self) -> int:
        """Return how many fields of a project the columns are."""
        return len({field_of(name)[1] for name in self.columns} - {""})


@dataclass(slots=True)
class _Seen:
    """What the objects of a file are, by their places, and the names of the members of all of them.

    `own` has how many fields of a project they have beside what they list, and `titles` what those are
    called that tell no more of a project than that.
    """

    said: Said
    scores: dict[Path, Score] = field(default_factory=dict)
    own: dict[Path, int] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    names: dict[Path, set[str]] = field(default_factory=dict)
    members: set[str] = field(default_factory=set)
    said_more: set[Path] = field(default_factory=set)
    titles: dict[Path, set[str]] = field(default_factory=dict)
    untitled: Untitled = field(default_factory=lambda: Untitled(()))

    def is_enough(self, ended: _Open, stack: list[_Open]) -> bool:
        """Take an object that ended inside those of `stack`; tell whether no more need be looked at."""
        place, score = _general(ended.path, stack), _score(ended, self.said)
        if is_property(ended.columns, ended.kind):
            return False
        self.counts[place] = self.counts.get(place, 0) + 1
        if not score:
            self._without_title(ended)
            return False
        self.scores[place] = max(score, self.scores.get(place, score))
        self.own[place] = max(_own_known(ended, score, self.said), self.own.get(place, 0))
        self.names.setdefault(place, set()).update(ended.path[-1:])
        if _says_more(ended, self.said):
            self.said_more.add(place)
            return self.counts[place] >= _ENOUGH and not _is_record(stack, self.said)
        if ended.has_type and len(titles := self.titles.setdefault(place, set())) < MAX_COLUMNS:
            titles.add(ended.title)
        return False

    def _without_title(self, ended: _Open) -> None:
        found = Untitled(ended.path, (*ended.columns,))
        if len(found.columns) <= MAX_COLUMNS and found.known >= max(_ENOUGH_FIELDS, self.untitled.known + 1):
            self.untitled = found

    def best(self) -> Found | None:
        """Return where the objects are that look most like projects, None if none has a title."""
        # What says its type and is called as a member of other objects describes their columns.
        places = [place for place in self.scores if not self.titles.get(place, {""}) <= self.members]
        # Of an object and those in it that say as much, several are the records: it is their list.
        best = max(
            places,
            key=lambda place: (*self.scores[place][:2], self.counts[place] > 1, self.scores[place][2]),
            default=None,
        )
        best = self._listed_in(best) if best is not None else None
        if best is None or self._are_parts(best):
            return None
        # One member that looks like a project is that member, not any.
        names = self.names[best]
        path = (*best[:-1], *names) if best and len(names) == 1 else best
        return Found(path, self.scores[best][1])

    def _listed_in(self, place: Path) -> Path:
        """Return where the records are that objects list, where one of these says much by its only one.

        A programme that has a single grant says when, and to whom; one that has several says only its name.
        """
        if self.scores[place][0]:
            return place
        listed = [
            one
            for one in self.scores
            if one[: len(place)] == place
            and self.scores[one][1] > self.own[place]
            and self.counts[one] > self.counts[place]
        ]
        return max(listed, key=lambda one: self.scores[one], default=place)

    def _are_parts(self, place: Path) -> bool:
        """Return whether names are those of parts of records that say more, and lack only a title."""
        around, known = self.untitled.path, self.scores[place][1]
        return (
            known <= _ENOUGH_FIELDS <= self.untitled.known
            and 0 < len(around) < len(place)
            and around == place[: len(around)]
            and self.counts[around] > 1
            and place not in self.said_more
        )


def path_of_records(events: Iterable[tuple[str, object]], said: Said = ()) -> Found | Untitled:
    """Return where the objects are that look most like projects; if none has a title, those that lack it.

    `said` is what the corpus says of columns.
    """
    seen = _Seen(said)
    stack: list[_Open] = []
    for number, (event, value) in enumerate(events):
        if event == "map_key":
            stack[-1].name = str(value)
            if len(seen.members) < _MOST_NAMES:
                seen.members.add(stack[-1].name)
        elif event.startswith("start_"):
            stack.append(_Open(place_in(stack), is_list=event == "start_array"))
        elif event.startswith("end_"):
            ended = stack.pop()
            if not ended.is_list and seen.is_enough(ended, stack):
                break
            _hand_up(ended, stack)
        else:
            _describe(value, stack)
            _hand_up(None, stack)
        if number > _MOST_EVENTS:
            break
    return seen.best() or seen.untitled


def _describe(value: object, stack: list[_Open]) -> None:
    """Take the text of an object that may describe a column: {"name": "title", "type": "string"}."""
    if stack and isinstance(value, str):
        if stack[-1].name == "name":
            stack[-1].title = value
        elif stack[-1].name in ("type", "dataType"):
            stack[-1].has_type, stack[-1].kind = True, value
            stack[-1].term = value if value in TERMS else ""


def _general(path: Path, stack: list[_Open]) -> Path:
    """Return the path to an object and to those beside it."""
    return path if not stack or stack[-1].is_list else (*path[:-1], ANY)


def _score(ended: _Open, said: Said) -> Score | None:
    """Return how much an object looks like a project, the outer one first; None if it has no title."""
    layout = _layout(ended, said)
    if layout is None or are_titles(ended.path):
        return None
    return layout.publisher is not None, layout.known, -len(ended.path)


def _own_known(ended: _Open, score: Score, said: Said) -> int:
    """Return how many fields of a project an object has beside those of what it lists."""
    if len(ended.own) == len(ended.columns):
        return score[1]
    layout = layout_of(tuple(ended.own), said)
    return layout.known if layout else 0


def _layout(ended: _Open, said: Said) -> Layout | None:
    return layout_of(tuple(ended.columns), said) if len(ended.columns) <= MAX_COLUMNS else None


def _says_more(ended: _Open, said: Said) -> bool:
    """Return whether an object has more of a project than a title: a list of countries has names too."""
    layout = _layout(ended, said)
    return layout is not None and (layout.description >= 0 or bool(layout.date_places()))


def _is_record(stack: list[_Open], said: Said) -> bool:
    """Return whether an object around has a title and dates of its own: what it lists are parts of it."""
    layouts = [_layout(one, said) for one in stack if not one.is_list]
    return any(layout and layout.date_places() for layout in layouts)


def _is_value(ended: _Open) -> bool:
    if is_wrapper(ended.columns) or is_property(ended.columns, ended.kind):
        return True
    return DATE_PARTS in ended.columns or is_term(ended.columns, ended.term)


def _hand_up(ended: _Open | None, stack: list[_Open]) -> None:
    """Add the columns of an object that ended, or one value, to the object around it."""
    around = stack[-1] if stack else None
    if around is None or len(around.columns) > MAX_COLUMNS:
        return
    if around.is_list:
        around.objects += ended is not None and not ended.is_list
        around.columns.update(ended.columns if ended else {"": None})
        around.own.update(ended.own if ended else {"": None})
    elif ended is None or ended.objects > 1 or _is_value(ended):
        around.columns[around.name] = around.own[around.name] = None
    else:
        path = inner_path("", around.name, is_object=not ended.is_list)
        around.columns.update((inner_path(path, column), None) for column in ended.columns)
        around.own.update((inner_path(path, column), None) for column in ended.own if not ended.objects)
