"""The files of a corpus folder that are not projects but say how it is read."""

from __future__ import annotations

from pathlib import Path

from indexer.corpus.fields.said import Said, said_in
from indexer.corpus.files.opening import open_file, why_unreadable
from indexer.corpus.files.settings_names import FIELDS_FILE, WORDS_FILE
from indexer.corpus.reading import MEGABYTE
from indexer.corpus.texts import decode
from indexer.errors import FieldsError
from indexer.own_fields import configuration
from indexer.own_fields.configuration import Configured
from indexer.own_fields.naming import RESERVED
from indexer.own_fields.toml_text import COLUMNS_TABLE, document, lines_of
from indexer.text import word_rules
from indexer.text.word_rules import WordRules

# Some ten thousand lines; a larger file is something else under this name.
MAX_BYTES = MEGABYTE


class UnusableError(Exception):
    """A file of settings that cannot be used as a whole; its text says which and why."""


def read_settings(corpus_dir: Path, name: str) -> str:
    """Return the text of a file of settings, "" if there is none; raise UnusableError."""
    path = corpus_dir / name
    if not path.is_symlink() and not path.exists():
        return ""
    try:
        with open_file(path) as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnusableError(f"{name}: {why_unreadable(error)}") from error
    if len(content) > MAX_BYTES:
        raise UnusableError(f"{name}: more than {MAX_BYTES} bytes; nothing of it was taken")
    return decode(content)


def read_word_rules(corpus_dir: Path) -> WordRules:
    """Return what a corpus says of words; nothing if it has no such file."""
    try:
        return word_rules.parse(read_settings(corpus_dir, WORDS_FILE), WORDS_FILE)
    except UnusableError as error:
        return WordRules(warnings=(str(error),))


def read_fields(corpus_dir: Path) -> tuple[tuple[Configured, ...], Said]:
    """Return what a corpus says of its fields, and of the columns of a project's own ones.

    Nothing if it has no such file. Raises FieldsError.
    """
    try:
        text = read_settings(corpus_dir, FIELDS_FILE)
        table, lines = document(text).get(COLUMNS_TABLE, {}), lines_of(text, COLUMNS_TABLE, "")
        said = said_in(table, lambda key: f"{FIELDS_FILE}:{lines.get(key, 1)}: {COLUMNS_TABLE}")
        return configuration.parsed(text, RESERVED), said
    except UnusableError as error:
        raise FieldsError(str(error)) from error
