"""Countries: which a text mentions, and in which region of the world each is.

Names are those of the Unicode CLDR as Babel has them, with usual other English ones; regions are those of
`regions.txt`. A name counts where it stands by itself, as written with capitals:

    "courts in Mexico and Viet Nam"             -> Mexico, Vietnam
    "the United States-Mexico-Canada Agreement" -> (none: the name of an agreement)
    "schools in New Mexico", "turkey farms"     -> (none)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files

REGIONS_FILE = "regions.txt"
# Languages in which a column of countries is read; texts are searched for English names only.
LANGUAGES = ("en", "es", "fr", "pt", "de", "it")
# Other English names in use, by code.
_OTHER_NAMES = {
    "BO": "Plurinational State of Bolivia", "BN": "Brunei Darussalam", "CD": "Congo - Kinshasa; DRC; Zaire; "
    "DR Congo; Democratic Republic of the Congo; Democratic Republic of Congo; "
    "Congo, Democratic Republic of the",
    "CG": "Congo - Brazzaville; Republic of the Congo; Republic of Congo", "CI": "Ivory Coast; Cote d'Ivoire",
    "CV": "Cabo Verde", "CZ": "Czech Republic", "GB": "UK; U.K.; Great Britain", "GM": "The Gambia",
    "HK": "Hong Kong", "IR": "Islamic Republic of Iran", "KP": "Democratic People's Republic of Korea",
    "KR": "Republic of Korea; Korea, Republic of", "KG": "Kyrgyz Republic", "LA": "Lao PDR; "
    "Lao People's Democratic Republic", "MD": "Republic of Moldova", "MK": "Macedonia", "MM": "Burma",
    "MO": "Macau; Macao", "PS": "Palestine; West Bank and Gaza", "RU": "Russian Federation",
    "SY": "Syrian Arab Republic", "SZ": "Swaziland", "TL": "East Timor", "TR": "Turkey; Türkiye",
    "TW": "Taiwan", "TZ": "United Republic of Tanzania", "US": "USA; U.S.A.; United States of America",
    "VA": "Holy See", "VE": "Bolivarian Republic of Venezuela", "VN": "Viet Nam",
}  # fmt: skip
# Names in languages of countries themselves that are none of LANGUAGES, by code, as CLDR has them.
_OWN_NAMES = {
    "AX": "Åland", "BA": "Bosna i Hercegovina", "BE": "België", "BG": "България", "BY": "Беларусь",
    "CY": "Κύπρος; Kıbrıs", "CZ": "Česko", "DK": "Danmark", "EE": "Eesti", "FI": "Suomi",
    "GR": "Ελλάδα", "HR": "Hrvatska", "HU": "Magyarország", "IE": "Éire", "IS": "Ísland", "KZ": "Казахстан",
    "LT": "Lietuva", "LV": "Latvija", "MD": "Republica Moldova", "NL": "Nederland", "NO": "Norge",
    "PL": "Polska", "RS": "Srbija; Србија", "RU": "Россия", "SE": "Sverige", "SI": "Slovenija",
    "SK": "Slovensko", "UA": "Україна; Украина",
}  # fmt: skip
# Names that are states, people or things as often as countries, and are not believed without a column.
_AMBIGUOUS = frozenset(
    ["Chad", "Dominica", "Georgia", "Guernsey", "Jersey", "Jordan", "Mali", "Monaco", "Niger"]
)
# Words before a name that make it another one, and after it.
_BEFORE = frozenset("new gulf little port university bank east west north south".split())
_ENDS_BEFORE = (*_BEFORE, *(f"{word} of" for word in _BEFORE))
# How far before a name the word stands that makes it another one, in characters.
_NEAR = 40
_LAST_WORD = re.compile(r"([^\W\d_]+)(?: of)?$")
_JOINED = re.compile(r"[-\N{EN DASH}/]\w")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


@cache
def code_of(name: str) -> str:
    """Return the ISO 3166 code of a country's name in one of LANGUAGES or its own, or of its code, or ""."""
    return _codes().get(_key(name), "")


@cache
def english_name(code: str) -> str:
    """Return the English name of a country by its code."""
    from babel import Locale

    return str(Locale("en").territories[code])


@cache
def region_of(code: str) -> str:
    """Return the region of the world that a country is in, or "": "PE" -> "South America"."""
    return _regions().get(code, "")


def mentioned(text: str, words: Iterable[str]) -> list[str]:
    """Return the English names of the countries that a text names, each once, in its order.

    `words` are those of `first_words` with which a name may begin in it (`mentions.first_words_in`).
    """
    names, patterns = names_in_texts(), _patterns()
    spans = [match.span() for word in words for match in patterns[word].finditer(text)]
    spans.sort()
    found: dict[str, None] = {}
    last = 0
    for start, end in spans:
        if start >= last:
            last = end
            if _stands_alone(text, start, end):
                found[names[text[start:end]]] = None
    return list(found)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Return whether a name is no part of another: no hyphen beside it, no "New" before it."""
    if _JOINED.match(text, end):
        return False
    before = text[max(start - _NEAR, 0) : start].rstrip(" ")
    if text[start - 1 : start].isalnum() or before.endswith(("-", "\N{EN DASH}", "/")):
        return False
    # Hardly a name has one of these words before it, and the expression takes as long as all the rest.
    if not before.removesuffix("\n").casefold().endswith(_ENDS_BEFORE):
        return True
    last = _LAST_WORD.search(before)
    return last is None or last[1].casefold() not in _BEFORE


def _key(name: str) -> str:
    decomposed = unicodedata.normalize("NFKD", name.casefold().replace("&", "and"))
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[\W_]+", " ", plain.replace("the ", "")).strip()


@cache
def _codes() -> dict[str, str]:
    # Loaded only where a corpus has countries.
    from babel import Locale

    found: dict[str, str] = {}
    for code in _regions():
        found[_key(code)] = code
    for language in reversed(LANGUAGES):
        territories = Locale(language).territories
        found |= {_key(territories[code]): code for code in _regions() if code in territories}
    for code, names in (*_OWN_NAMES.items(), *_OTHER_NAMES.items()):
        found |= {_key(name): code for name in names.split(";")}
    return found


@cache
def _regions() -> dict[str, str]:
    """Return the sub-region of each country and area by its code."""
    found: dict[str, str] = {}
    for line in (files(__package__) / REGIONS_FILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            _, region, codes = line.split("; ")
            found |= dict.fromkeys(codes.split(), region)
    return found


@cache
def names_in_texts() -> dict[str, str]:
    """Return the English name of each country by every name that counts in a text."""
    found = {name: english_name(code) for code in _regions() for name in _english_names(code)}
    return {name: country for name, country in found.items() if name not in _AMBIGUOUS}


@cache
def first_words() -> dict[str, str]:
    """Return the word with which each name that counts in a text begins, by name."""
    return {name: first.group() for name in names_in_texts() if (first := _FIRST_WORD.match(name))}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return what matches the names that begin with a word, the longest first, by that word."""
    by_word: dict[str, list[str]] = {}
    for name, word in sorted(first_words().items(), key=lambda one: -len(one[0])):
        by_word.setdefault(word, []).append(re.escape(name))
    return {word: re.compile(rf"(?:{'|'.join(found)})(?![^\W_])") for word, found in by_word.items()}


def _english_names(code: str) -> Iterator[str]:
    yield from (name.strip() for name in _OTHER_NAMES.get(code, "").split(";") if len(name.strip()) > 2)
    name = english_name(code)
    yield name
    # CLDR writes "Myanmar (Burma)", "Türkiye", "Bosnia & Herzegovina", "St. Lucia".
    plain = re.sub(r"\s*\([^)]*\)", "", name)
    yield plain
    if "&" in plain:
        yield plain.replace("&", "and")
    if plain.startswith("St. "):
        yield plain.replace("St. ", "Saint ")
