"""The form of a facet that narrows by two numbers or days: its fields are the parameters themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from search_app.facets.specs import Bound, FacetSpec
from search_app.web.api.schemas.arguments import ParameterError
from search_app.web.pages.parts.forms.date_form import MEANINGS, hidden

_LABELS = {"from": "From", "to": "To"}
_HINTS = {"number": "For example, 250000", "period": "For example, 2021 or 2021-09"}
# The dates of a project have a form of their own.
_DATES = frozenset(name for meaning in MEANINGS for name in meaning.parameters)


@dataclass(frozen=True, slots=True)
class RangeField:
    """One end of a range: what was typed, and what is wrong with it, if anything is."""

    name: str
    label: str
    value: str
    error: str | None

    @property
    def anchor(self) -> str:
        """The place of the field on the page."""
        return f"range-{self.name}"


@dataclass(frozen=True, slots=True)
class RangeForm:
    """The form as it is shown, and what it carries along unseen."""

    name: str
    label: str
    hint: str
    reads: str
    fields: tuple[RangeField, ...]
    hidden: tuple[tuple[str, str], ...]

    @property
    def is_filled(self) -> bool:
        """Whether there is anything in it."""
        return any(one.value or one.error for one in self.fields)


def range_form(
    spec: FacetSpec, given: Mapping[str, tuple[str, ...]], errors: Iterable[ParameterError]
) -> RangeForm | None:
    """Return the form of a facet, None where it has none of its own; a wrong text is shown as typed."""
    bounds = [one for one in spec.bounds if one.side in _LABELS and one.name not in _DATES]
    if not bounds:
        return None
    wrong = {one.parameter: one for one in errors}
    return RangeForm(
        name=spec.name,
        label=spec.label,
        hint=_HINTS[bounds[0].reads],
        reads=bounds[0].reads,
        fields=tuple(_field(one, given, wrong) for one in bounds),
        hidden=hidden(given, without=(*(one.name for one in bounds), "page")),
    )


def _field(
    bound: Bound, given: Mapping[str, tuple[str, ...]], wrong: Mapping[str, ParameterError]
) -> RangeField:
    error = wrong.get(bound.name)
    value = error.value if error else "".join(given.get(bound.name, ()))
    return RangeField(bound.name, _LABELS[bound.side], value, error.message if error else None)


def filled(arguments: MultiDict[str, str], specs: Iterable[FacetSpec]) -> MultiDict[str, str]:
    """Return the arguments of a sent form without the fields that were left empty."""
    names = {bound.name for spec in specs for bound in spec.bounds}
    stripped = [(name, text.strip() if name in names else text) for name, text in arguments.items(multi=True)]
    return MultiDict([pair for pair in stripped if pair[1] or pair[0] not in names])
