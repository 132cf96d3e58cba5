"""`fields.toml` as text: its tables, and the lines on which they and their keys stand."""

from __future__ import annotations

import re
import tomllib
from typing import Any

from indexer.corpus.files.settings_names import FIELDS_FILE
from indexer.errors import FieldsError

# The table of fields, and that of what columns are called: there is no other.
TABLE, COLUMNS_TABLE = "fields", "columns"
_LINE_OF_ERROR = re.compile(r"at line (\d+)")

# A text after the sign of equality without quotes, or in those of printed books.
_UNQUOTED = re.compile(r"=\s*(?:\[\s*)?[^\W\d_“”„«‘’]?[^\W\d]|=\s*(?:\[\s*)?[“”„«‘’]")


def document(text: str) -> dict[str, Any]:
    """Return the tables of the file; raise FieldsError if it is no TOML, or has another table."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = _LINE_OF_ERROR.search(str(error))
        number = int(line[1]) if line else 1
        wrong = "".join(text.splitlines()[number - 1 : number])
        hint = '; texts stand in straight quotes, "so"' if _UNQUOTED.search(wrong) else ""
        raise FieldsError(f"{FIELDS_FILE}:{number}: not TOML: {error}{hint}") from None
    for name, table in document.items():
        if name not in (TABLE, COLUMNS_TABLE) or not isinstance(table, dict):
            raise FieldsError(
                f"{FIELDS_FILE}:{line_of(text, name)}: {name} is not known here; write [{TABLE}.name] for "
                f"each field, or [{COLUMNS_TABLE}] for the columns of title, dates, grantee …"
            )
    return document


def line_of(text: str, name: str) -> int:
    """Return the first line that begins with a name, as a key or as a table; 1 where none does."""
    wanted = re.compile(rf"\s*\[*\s*[\"']?{re.escape(name)}\b")
    return next((number for number, line in enumerate(text.splitlines(), 1) if wanted.match(line)), 1)


def lines_of(text: str, name: str, above: str = rf"{TABLE}\s*\.\s*") -> dict[str, int]:
    """Return the line of a table, a field's if nothing else is said, under "", and those of its keys."""
    heading = re.compile(rf"\s*\[\s*{above}[\"']?{re.escape(name)}[\"']?\s*\]")
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if heading.match(line):
            found[""] = number
        elif found and line.lstrip().startswith("["):
            break
        elif found and (key := re.match(r"\s*[\"']?(\w+)[\"']?\s*=", line)):
            found[key[1]] = number
    return found
