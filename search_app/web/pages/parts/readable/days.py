"""Days as people read them."""

from __future__ import annotations

from datetime import date, timedelta

from indexer.reporting.numbers import counted

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
# From the middle of a month on, it counts as a whole one.
HALF_MONTH_DAYS = 15


def month(day: date) -> str:
    """Return the month of a day: Jan 2023."""
    return f"{MONTHS[day.month - 1][:3]} {day.year}"


def whole(day: date) -> str:
    """Return a day in full: 23 January 2023."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def brief(day: date) -> str:
    """Return a day as a table has it, in one piece: 23 Jan 2023."""
    return f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}".replace(" ", "\N{NO-BREAK SPACE}")


def duration(start: date | None, end: date | None) -> str | None:
    """Return how long an interval is, both days included: 4 years 6 months; None where a day is unknown."""
    if start is None or end is None:
        return None
    after = end + timedelta(days=1) if end < date.max else end
    months = (after.year - start.year) * 12 + after.month - start.month
    months += (after.day - start.day >= HALF_MONTH_DAYS) - (start.day - after.day > HALF_MONTH_DAYS)
    parts = [
        counted(number, noun) for number, noun in ((months // 12, "year"), (months % 12, "month")) if number
    ]
    return " ".join(parts) or "less than a month"
