"""What the files are called that say how a corpus is read, and names that are slips for them."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import PurePosixPath

ALIASES_FILE, WORDS_FILE, FIELDS_FILE = "aliases.txt", "words.txt", "fields.toml"
# Files of a corpus folder that say how it is read; never read as projects.
SETTINGS_FILES = (ALIASES_FILE, WORDS_FILE, FIELDS_FILE)
# How alike a name must be to be taken for a slip (difflib's ratio): a letter more or less.
_NEARNESS = 0.9


def meant_for(path: str) -> str:
    """Return the reason to leave a file whose name is nearly that of a file of settings; "" for another."""
    name = PurePosixPath(path).name
    # An editor may put its own ending behind the one that was typed: fields.toml.txt.
    typed = name.lower().removesuffix(".txt") if name.count(".") > 1 else name.lower()
    (near,) = get_close_matches(typed, SETTINGS_FILES, n=1, cutoff=_NEARNESS) or [""]
    if not near:
        return ""
    where = "" if path == name else ", and in the corpus folder itself"
    return f"left out: is it meant to be {near}? That counts under this name alone{where}"
