"""What a project says in its fields: typed values out of the texts of its columns."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial
from typing import cast

from indexer.corpus.dates import MONTH_FIRST, DateReading, read_day
from indexer.corpus.dates.order import Order
from indexer.corpus.fields.country_names import english_name, key_of_country, world_regions
from indexer.own_fields.money.amount_words import currency_of, is_nothing
from indexer.own_fields.money.amounts import amount_of
from indexer.own_fields.money.currencies import in_headings
from indexer.own_fields.money.heading_scales import scale_of, scaled
from indexer.own_fields.money.numerals import Style
from indexer.own_fields.places.countries import code_of, region_of
from indexer.storage.own_fields import LONGEST_VALUE, OwnField

# The field of countries, and the fields that are derived: from the text, and from the countries.
COUNTRY, MENTIONED, WORLD_REGION = "country", "countries_mentioned", "world_region"
# Texts that are remembered with their values: columns repeat them.
_REMEMBERED = 65_536
# Letters of the code of a country, ISO 3166 alpha-2.
_CODE_LENGTH = 2
# "Haiti: 60.00%, Peru (40%)": the share that a country has of a project, and what may part it from the next.
_SHARE = re.compile(r"[\s:=(\[-]*\b\d{1,3}(?:[.,]\d+)?\s*%[)\]]?")
_BETWEEN_SHARES = " ,;/&-"
# Fields whose texts are remembered: more than a corpus has.
_FIELDS = 64

Extra = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Texts:
    """What a value is made from: the texts of a project's columns, and the countries it mentions."""

    extra: Extra
    countries: tuple[str, ...] = ()


def keywords(field: OwnField, texts: Texts) -> tuple[str, ...]:
    """Return the values that a project has in a keyword field, each once, in the order of the source."""
    if field.derived and not field.columns:
        return texts.countries if field.name == MENTIONED else _regions(texts.countries)
    return _of_text(field)(_text(field, texts.extra))


def keyword_column(field: OwnField, rows: Sequence[Texts]) -> list[tuple[str, ...]]:
    """Return what `keywords` gives for many projects."""
    if field.derived and not field.columns:
        return [keywords(field, texts) for texts in rows]
    return [*map(_of_text(field), _column(field, rows))]


@lru_cache(_FIELDS)
def _of_text(field: OwnField) -> Callable[[str], tuple[str, ...]]:
    """Return what gives the values of a keyword field for the text of its column, remembering them."""
    return lru_cache(_REMEMBERED)(partial(_keywords, field))


def _keywords(field: OwnField, text: str) -> tuple[str, ...]:
    values = _parts(text, field.separator)
    if field.name == COUNTRY or field.derived:
        values = tuple(dict.fromkeys(one for value in values for one in _countries(value)))
    return _regions(values) if field.derived else values


def number_column(field: OwnField, rows: Sequence[Texts]) -> list[tuple[float, str]]:
    """Return what `number` gives for many projects."""
    in_heading = any(_in_heading(column) or scale_of(column) for column in field.columns)
    if field.currency_columns or field.unit or field.styles or in_heading:
        return [number(field, texts) for texts in rows]
    found = [_number(text, field.style) for text in _column(field, rows)]
    return [(value, "") for value, _ in found] if field.type == "number" else found


def _column(field: OwnField, rows: Sequence[Texts]) -> Sequence[str]:
    if len(field.columns) == 1:
        (name,) = field.columns
        return [texts.extra.get(name, "") for texts in rows]
    return [_text(field, texts.extra) for texts in rows]


def number(field: OwnField, texts: Texts) -> tuple[float, str]:
    """Return the number that a project has in a money or number field, and its currency; NaN for none."""
    column = _used(field, texts.extra)
    text = texts.extra.get(column, "")
    value, currency = _number(text, field.style_of(column))
    if field.type == "number" or math.isnan(value):
        return value, ""
    # Where people see the heading itself, the amounts stand below it as in the source.
    if (scale := scale_of(column)) and not scale_of(field.label):
        value = scaled(value, text, scale)
    stated = next((code for column in field.currency_columns if (code := _currency(texts.extra, column))), "")
    # A lone "$" stands for whatever dollar the column of currencies or the heading says. The heading of one
    # column says nothing of another's, in another file.
    unit = field.unit or _in_heading(column)
    return value, stated or (unit if currency in ("", "USD") and unit else currency)


@lru_cache(_FIELDS)
def _in_heading(column: str) -> str:
    return in_headings([column])


def day(field: OwnField, texts: Texts) -> date | None:
    """Return the day that a project has in a date field, or None."""
    column = _used(field, texts.extra)
    return _day(texts.extra.get(column, ""), field.style_of(column))


def _used(field: OwnField, extra: Extra) -> str:
    """Return the first column of a field in which a project has something, "" if it has nothing."""
    return next((column for column in field.columns if extra.get(column)), "")


def _text(field: OwnField, extra: Extra) -> str:
    return extra.get(_used(field, extra), "")


@lru_cache(_REMEMBERED)
def _regions(countries: tuple[str, ...]) -> tuple[str, ...]:
    regions = (region_of(code) for value in countries if (code := code_of(value)))
    return tuple(dict.fromkeys(filter(None, regions)))


@lru_cache(_REMEMBERED)
def _countries(value: str) -> tuple[str, ...]:
    """Return the countries that a value lists with commas, if all are known: "Peru, Mali and Chad".

    Of "Haiti: 60.00%, Peru: 40.00%" the shares are left out.
    """
    if "%" in value:
        named = [*filter(None, (part.strip(_BETWEEN_SHARES) for part in _SHARE.split(value)))]
        each = [one for part in named for one in _countries(part)] if named != [value] else []
        if any(map(_is_place, each)):
            return tuple(each)
    parts = [part.strip() for part in re.split(r",|;|/|\band\b|\by\b|\bet\b|&", value)]
    listed = not code_of(value) and len(parts) > 1 and all(map(code_of, parts))
    return tuple(map(_named, parts if listed else (value,)))


def _is_place(name: str) -> bool:
    return bool(code_of(name)) or key_of_country(name) in world_regions()


def _named(country: str) -> str:
    """Return the name of a country that is given by its code: "GB" -> "United Kingdom"."""
    is_code = len(country) == _CODE_LENGTH and country.isupper()
    return english_name(country) if is_code and code_of(country) == country else country


def _currency(extra: Extra, column: str) -> str:
    text = extra.get(column, "").strip()
    return currency_of(text) or (text if text.isalpha() and len(text) <= 3 else "")


@lru_cache(_REMEMBERED)
def _parts(text: str, separator: str) -> tuple[str, ...]:
    parts = re.split(r"[;|\n]", text) if separator == ";" else text.split(separator) if separator else [text]
    cleaned = (part.strip()[:LONGEST_VALUE] for part in parts)
    return tuple(dict.fromkeys(part for part in cleaned if not is_nothing(part)))


@lru_cache(_REMEMBERED)
def _number(text: str, style: str) -> tuple[float, str]:
    amount = amount_of(text, cast("Style", style) if style else None)
    return (amount.value, amount.currency) if amount else (math.nan, "")


@lru_cache(_REMEMBERED)
def _day(text: str, style: str) -> date | None:
    if is_nothing(text):
        return None
    order = cast("Order", style) if style else MONTH_FIRST.order
    try:
        return read_day(text, "start", DateReading(order, order)).day
    except ValueError:
        return None
