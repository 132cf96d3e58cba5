"""Countries and regions of the world by their names: one list, for all that reads them.

Names are those of the Unicode CLDR as Babel has them, and others in use. Who reads chooses by where a name
stands: a column or the heading of a group may write a country in several languages (`country_codes`); before
other English words only an English name counts (`english_countries`): "Island Conservation" has nothing to
do with Iceland, which is *Island* in German.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from indexer.text.analysis import fold

# Languages of the names in columns and headings.
_LANGUAGES = ("en", "es", "fr", "pt", "de", "it")
# Other English names in use, by code.
_OTHER_NAMES = {
    "BO": "Plurinational State of Bolivia", "BN": "Brunei Darussalam", "CD": "Congo - Kinshasa; DRC; Zaire; "
    "DR Congo; Democratic Republic of the Congo; Democratic Republic of Congo; "
    "Congo, Democratic Republic of the",
    "CG": "Congo - Brazzaville; Congo; Republic of the Congo; Republic of Congo",
    "CI": "Ivory Coast; Cote d'Ivoire", "CV": "Cabo Verde", "CZ": "Czech Republic",
    "FM": "Federated States of Micronesia", "GB": "UK; U.K.; Great Britain", "GM": "The Gambia",
    "HK": "Hong Kong", "IR": "Islamic Republic of Iran", "KP": "Democratic People's Republic of Korea",
    "KR": "Republic of Korea; Korea, Republic of", "KG": "Kyrgyz Republic", "LA": "Lao PDR; "
    "Lao People's Democratic Republic", "MD": "Republic of Moldova", "MK": "Macedonia", "MM": "Burma",
    "MO": "Macau; Macao", "PS": "Palestine; West Bank and Gaza; West Bank; Gaza", "RU": "Russian Federation",
    "SK": "Slovak Republic", "SY": "Syrian Arab Republic", "SZ": "Swaziland", "TL": "East Timor",
    "TR": "Turkey; Türkiye", "TW": "Taiwan", "TZ": "United Republic of Tanzania",
    "US": "USA; U.S.A.; U.S.; United States of America", "VA": "Holy See",
    "VC": "Saint Vincent and the Grenadines", "VE": "Bolivarian Republic of Venezuela", "VN": "Viet Nam",
}  # fmt: skip
# Names in languages of countries themselves that are none of those above, by code, as CLDR has them.
_OWN_NAMES = {
    "AX": "Åland", "BA": "Bosna i Hercegovina", "BE": "België", "BG": "България", "BY": "Беларусь",
    "CY": "Κύπρος; Kıbrıs", "CZ": "Česko", "DK": "Danmark", "EE": "Eesti", "FI": "Suomi",
    "GR": "Ελλάδα", "HR": "Hrvatska", "HU": "Magyarország", "IE": "Éire", "IS": "Ísland", "KZ": "Казахстан",
    "LT": "Lietuva", "LV": "Latvija", "MD": "Republica Moldova", "NL": "Nederland", "NO": "Norge",
    "PL": "Polska", "RS": "Srbija; Србија", "RU": "Россия", "SE": "Sverige", "SI": "Slovenija",
    "SK": "Slovensko", "UA": "Україна; Украина",
}  # fmt: skip
# What is no country among the territories of CLDR: unions, which count as regions, and what is no place.
_UNIONS, _NO_PLACES = ("EU", "EZ", "QO"), ("UN", "XA", "XB", "ZZ")
# Other names of what is no single country.
_WIDER = """
Global|Worldwide|Regional|Multiple Countries|Multi-Country|Multiple|Various|Various Countries|Interregional
Sub-Saharan Africa|Latin America and the Caribbean|Asia and the Pacific|Asia Pacific|Asia-Pacific
Middle East|Middle East and North Africa|North Africa|West Africa|East Africa|Southeast Asia|South East Asia
South Asia|East Asia|Pacific|Pacific Islands|Northern Triangle|Europe and Central Asia|The Americas
"""
_ARTICLE = re.compile(r"\bthe (?=\w)")
_SINGLE_LETTER = re.compile(r"\b(\w) (?=\w\b)")


def key_of_country(name: str) -> str:
    """Return a name of a country as such names are compared: "The Gambia" -> "gambia", "U.S.A." -> "usa"."""
    words = re.sub(r"[\W_]+", " ", fold(name).replace("&", " and ")).strip()
    return _SINGLE_LETTER.sub(r"\1", _ARTICLE.sub("", words))


@cache
def country_codes() -> dict[str, str]:
    """Return the ISO 3166 code of each country by the keys of its names, in all languages."""
    # Babel is loaded only where something may be a country.
    from babel import Locale

    found: dict[str, str] = {}
    for language in reversed(_LANGUAGES):
        names = Locale(language).territories
        found |= {key_of_country(names[code]): code for code in _codes() if code in names}
    for code, others in _OWN_NAMES.items():
        found |= {key_of_country(name): code for name in others.split(";")}
    return found | _english_codes()


@cache
def english_countries() -> frozenset[str]:
    """Return the keys of the English names of countries."""
    return frozenset(_english_codes())


@cache
def world_regions() -> frozenset[str]:
    """Return the keys of the English names of regions of the world, and of what stands for many countries.

    Unions of countries have theirs in all languages.
    """
    from babel import Locale

    territories = Locale("en").territories
    names = [name for code, name in territories.items() if code.isdigit()]
    unions = [Locale(language).territories[code] for language in _LANGUAGES for code in _UNIONS]
    return frozenset(map(key_of_country, (*names, *unions, *_WIDER.strip().replace("\n", "|").split("|"))))


@cache
def english_name(code: str) -> str:
    """Return the English name of a country by its code."""
    from babel import Locale

    return str(Locale("en").territories[code])


def english_names(code: str) -> Iterator[str]:
    """Yield the English names of a country by its code: "MM" -> Burma, Myanmar (Burma), Myanmar."""
    yield from (name.strip() for name in _OTHER_NAMES.get(code, "").split(";") if name)
    name = english_name(code)
    yield name
    # CLDR writes "Myanmar (Burma)", "Macao SAR China", "Bosnia & Herzegovina", "St. Lucia".
    plain = re.sub(r"\s*\([^)]*\)", "", name).removesuffix(" SAR China")
    yield plain
    if "&" in plain:
        yield plain.replace("&", "and")
    if plain.startswith("St. "):
        yield plain.replace("St. ", "Saint ")


@cache
def _english_codes() -> dict[str, str]:
    return {key_of_country(name): code for code in _codes() for name in english_names(code)}


@cache
def _codes() -> tuple[str, ...]:
    from babel import Locale

    codes = map(str, Locale("en").territories)
    return tuple(code for code in codes if code.isalpha() and code not in (*_UNIONS, *_NO_PLACES))
