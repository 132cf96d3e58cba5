"""The date form: four meanings and two fields for people, the canonical parameters for everybody else."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Set
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from search_app.request import ChartedYears
from search_app.web.api.schemas.arguments import ParameterError

MODE, FROM, TO = "date_mode", "from", "to"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a project's dates are compared with: the parameters for From and To, and for both being one."""

    value: str
    label: str
    first: str
    last: str
    both: str | None = None

    @property
    def parameters(self) -> tuple[str, ...]:
        """Every parameter that this meaning may set."""
        return (self.first, self.last, self.both) if self.both else (self.first, self.last)


MEANINGS = (
    Meaning("active", "Active during", "active_from", "active_to", "active_on"),
    Meaning("started", "Started", "start_from", "start_to"),
    Meaning("ended", "Ended", "end_from", "end_to"),
    Meaning("within", "Entirely within", "start_from", "end_to"),
)
# Every parameter of a date.
DATES = tuple(dict.fromkeys(name for meaning in MEANINGS for name in meaning.parameters))
_BY_VALUE = {meaning.value: meaning for meaning in MEANINGS}


@dataclass(frozen=True, slots=True)
class DateForm:
    """The form as it is shown: what is chosen, what was typed and what is wrong with it."""

    meaning: Meaning
    first: str
    last: str
    errors: Mapping[str, str]
    fields: Mapping[str, str]
    hidden: tuple[tuple[str, str], ...]


def canonical(arguments: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return the arguments of a submitted form with canonical parameters in place of the form's own."""
    meaning = _BY_VALUE.get(arguments[MODE], MEANINGS[0])
    first, last = arguments.get(FROM, "").strip(), arguments.get(TO, "").strip()
    others = [(name, text) for name, text in arguments.items(multi=True) if name not in (MODE, FROM, TO)]
    if first == last and meaning.both:
        dates = [(meaning.both, first)]
    else:
        dates = [(meaning.first, first), (meaning.last, last)]
    return MultiDict([*others, *((name, text) for name, text in dates if text)])


def date_form(
    given: Mapping[str, tuple[str, ...]],
    errors: Iterable[ParameterError] = (),
    usual: ChartedYears = "active",
) -> DateForm:
    """Return the form for the parameters `given`; a wrong one is shown as typed, with what is wrong.

    `usual` is the meaning that is shown where no date is given.
    """
    wrong = {one.parameter: one for one in errors}
    typed = {name: texts[0] for name, texts in given.items()} | {
        name: one.value for name, one in wrong.items()
    }
    meaning = _shown(typed.keys(), usual)
    fields = {meaning.first: FROM, meaning.last: TO} | ({meaning.both: FROM} if meaning.both else {})
    both = typed.get(meaning.both or "", "")
    return DateForm(
        meaning=meaning,
        first=typed.get(meaning.first, both),
        last=typed.get(meaning.last, both),
        errors={fields[name]: one.message for name, one in wrong.items() if name in fields},
        fields=fields,
        hidden=hidden(given, without=(*meaning.parameters, "page")),
    )


def _shown(names: Set[str], usual: ChartedYears) -> Meaning:
    """Return the meaning to show: the first that some parameter belongs to, "within" for exactly its two."""
    within = _BY_VALUE["within"]
    if {within.first, within.last} <= names and not names & {"start_to", "end_from"}:
        return within
    return next((one for one in MEANINGS if names & set(one.parameters)), _BY_VALUE[usual])


def hidden(given: Mapping[str, tuple[str, ...]], *, without: Container[str]) -> tuple[tuple[str, str], ...]:
    """Return the parameters that a form carries along unseen."""
    return tuple((name, text) for name, texts in given.items() if name not in without for text in texts)
