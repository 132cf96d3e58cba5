"""Names of months in six languages of Europe, whole and short, without accents or case."""

from __future__ import annotations

import re
import unicodedata

_NAMES = (
    "january jan enero ene janvier janv janeiro januar janner gennaio gen",
    "february feb febrero fevrier fevr fev fevereiro februar febbraio febbr",
    "march mar marzo mars marco marz mrz",
    "april apr abril abr avril avr aprile",
    "may mayo mai maio maggio mag",
    "june jun junio juin junho juni giugno giu",
    "july jul julio juillet juil julho juli luglio lug",
    "august aug agosto ago aout",
    "september sept sep septiembre setiembre set septembre setembro settembre sett",
    "october oct octubre octobre outubro out oktober okt ottobre ott",
    "november nov noviembre novembre novembro",
    "december dec diciembre dic decembre dezembro dez dezember dicembre",
)
MONTHS = {name: number for number, names in enumerate(_NAMES, 1) for name in names.split()}

_WEEKDAYS = (
    "monday mon tuesday tue tues wednesday wed thursday thu thur thurs friday fri saturday sat sunday sun"
    " lunes martes miercoles jueves viernes sabado domingo lundi mardi mercredi jeudi vendredi"
    " samedi dimanche"
    " segunda-feira terca-feira quarta-feira quinta-feira sexta-feira"
    " montag dienstag mittwoch donnerstag freitag samstag sonntag lunedi martedi mercoledi giovedi venerdi"
    " sabato domenica"
)
_MARKS = re.compile(r"[\s,./-]+")
_FILLERS = frozenset(["of", "the", "de", "del", "do", "le", "el", "o", "den", "il"])
_DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|er|o|a|\u00b0)?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_SHORT = re.compile(r"\d{2}", re.ASCII)
_WORD = re.compile(r"[a-z]{3,12}", re.ASCII)
_SPOKEN_WEEKDAY = re.compile(rf"(?:{'|'.join(_WEEKDAYS.split())})[.,]?\s+")

# Year, month and day; None where the text has none, 0 for a month that no language has. The year as written.
NamedDay = tuple[str, int, int | None]


def named_day(text: str) -> NamedDay | None:
    """Return year, month and day of a text that names its month, None if it is none.

    `text` is in small letters: "january 31st, 2020" and "31 de enero de 2020" -> ("2020", 1, 31);
    "31-jan-20" -> ("20", 1, 31); "may 2020" -> ("2020", 5, None).
    """
    plain = unicodedata.normalize("NFKD", text) if not text.isascii() else text
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    words = [word for word in _MARKS.split(_SPOKEN_WEEKDAY.sub("", plain, count=1)) if word]
    words = [word for word in words if word not in _FILLERS]
    return _of_two(*words) if len(words) == 2 else _of_three(*words) if len(words) == 3 else None


def _of_two(first: str, second: str) -> NamedDay | None:
    for month, year in ((first, second), (second, first)):
        if month in MONTHS and _YEAR.fullmatch(year):
            return year, MONTHS[month], None
    return None


def _month(word: str) -> int | None:
    """Return the number of a month, 0 for a word that stands in its place, None for what is no word."""
    return MONTHS.get(word, 0) if _WORD.fullmatch(word) else None


def _of_three(first: str, second: str, third: str) -> NamedDay | None:
    month = _month(second)
    if month is not None:
        # Only after its month is a year of two digits no day: "31-jan-20".
        if (day := _DAY.fullmatch(first)) and (_YEAR.fullmatch(third) or (month and _SHORT.fullmatch(third))):
            return third, month, int(day[1])
        if _YEAR.fullmatch(first) and (day := _DAY.fullmatch(third)):
            return first, month, int(day[1])
    month = _month(first)
    if month is not None and (day := _DAY.fullmatch(second)) and _YEAR.fullmatch(third):
        return third, month, int(day[1])
    return None
