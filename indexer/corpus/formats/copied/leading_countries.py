"""Countries at the beginning of a text, as a region page has them before the grantee.

    Colombia, Peru Desarrollo y Autogestión  -> Colombia, Peru · Desarrollo y Autogestión

The names are the English ones of `fields/country_names.py`. Where a text can be parted in two ways, or not at
all, that is said.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from indexer.corpus.fields.country_names import english_countries, key_of_country, world_regions

_SEPARATOR = re.compile(r"\s*[,;/]\s*(?:and\s+|&\s*)?|\s+(?:and|&)\s+")
# The longest name has five words ("Lao People's Democratic Republic", "Bolivarian Republic of Venezuela").
_MOST_WORDS = 6
_WORD = re.compile(r"[^\s,;/]+")
# "Peru -" and "(Peru" are none, "U.S." and "Korea (Republic)" are.
_NAME = re.compile(r"\w.*[\w.)]|\w")
_CELLS = re.compile(r"\t+|\s{3,}|\s*\|\s*")


@dataclass(frozen=True, slots=True)
class Parted:
    """The countries and the rest of a text, and what is doubtful about where one ends, "" if nothing is."""

    countries: tuple[str, ...]
    rest: str
    doubt: str = ""


def part(text: str) -> Parted:
    """Return the countries that a text begins with, and the rest."""
    cells = [cell for cell in _CELLS.split(text.strip()) if cell]
    if len(cells) == 2:
        # The page had them in two cells: nothing to be told apart.
        return Parted(tuple(_listed(cells[0])), cells[1])
    text = " ".join(text.split())
    countries: list[str] = []
    place = 0
    doubt = ""
    while ends := _ends(text, place):
        countries.append(text[place : ends[-1]])
        doubt = doubt or _other_reading(text, place, ends)
        separator = _SEPARATOR.match(text, ends[-1])
        if separator is None:
            place = ends[-1]
            break
        if not _ends(text, separator.end()):
            doubt = f'"{_next(text, separator.end())}" after "{countries[-1]}" is no country that is known'
            place = separator.end()
            break
        place = separator.end()
    rest = text[place:].strip()
    return Parted(tuple(countries), rest, _why(countries, rest, doubt))


def is_country(text: str) -> bool:
    """Return whether a text is the name of a country, or of several."""
    return text.strip() != "" and all(key_of_country(name) in _names() for name in _listed(text))


def _why(countries: list[str], rest: str, doubt: str) -> str:
    if not countries:
        return f'no country that is known begins "{_next(rest, 0)}": country and grantee cannot be told apart'
    if not rest:
        return "no grantee after the countries"
    if not doubt and _ends(rest, 0):
        return f'"{_next(rest, 0)}" may be one more country, or the beginning of the grantee'
    return doubt


def _other_reading(text: str, place: int, ends: list[int]) -> str:
    if len(ends) < 2 or _SEPARATOR.match(text, ends[-1]) or ends[-1] == len(text):
        return ""
    return f'"{text[place : ends[-1]]}" is read as a country, though "{text[place : ends[0]]}" alone is one'


def _ends(text: str, place: int) -> list[int]:
    """Return where the names of countries end that begin at a place, the shortest first."""
    found = []
    end = place
    for _ in range(_MOST_WORDS):
        word = _WORD.match(text, end + (text[end : end + 1] == " "))
        if word is None:
            break
        end = word.end()
        if _NAME.fullmatch(text, place, end) and key_of_country(text[place:end]) in _names():
            found.append(end)
    return found


def _listed(text: str) -> list[str]:
    """Return the names in a list of countries; "Trinidad and Tobago" is one."""
    names = []
    for name in re.split(r"\s*[,;/]\s*", text.strip()):
        known = not name or key_of_country(name) in _names()
        names += [name] if known else re.split(r"\s+(?:and|&)\s+", name.removeprefix("and "))
    return list(filter(None, names))


def _next(text: str, place: int) -> str:
    return " ".join(text[place : place + 80].split()[:3])


@cache
def _names() -> frozenset[str]:
    # "World" begins the names of grantees: World Vision, World Bank.
    return (english_countries() | world_regions()) - {"world"}
