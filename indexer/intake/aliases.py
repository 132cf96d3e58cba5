"""Other names of grantees: `aliases.txt` in the corpus folder, which a maintainer writes.

    # The name to show = other names for it; separated; by semicolons
    International Labor Organization (ILO) = International Labour Organization; ILO; BIT

The index shows and counts the first name and finds the project under all of them. Case and accents do not
matter. A line that cannot be used is left out, with a warning; it never stops a `reindex`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from indexer.corpus.files.settings_names import ALIASES_FILE
from indexer.corpus.texts import clean
from indexer.intake.settings_files import UnusableError, read_settings
from indexer.text.analysis import fold

# Of the other names of one grantee together: they are indexed with each of its projects.
MAX_NAMES_LENGTH = 2_000


@dataclass(frozen=True, slots=True)
class Aliases(Mapping[str, str]):
    """The name to show for each folded name of a grantee, and what was wrong with the file."""

    canonical: dict[str, str] = field(default_factory=dict)
    other_names: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    def __getitem__(self, folded: str) -> str:
        return self.canonical[folded]

    def __iter__(self) -> Iterator[str]:
        return iter(self.canonical)

    def __len__(self) -> int:
        return len(self.canonical)


def read_aliases(corpus_dir: Path) -> Aliases:
    """Return the aliases of a corpus; none if it has no file of them."""
    try:
        return parse(read_settings(corpus_dir, ALIASES_FILE))
    except UnusableError as error:
        return Aliases(warnings=(str(error),))


def parse(text: str) -> Aliases:
    """Return the aliases that the lines of `text` give."""
    found = Aliases()
    warnings: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        content = line.partition("#")[0]
        if not content.strip():
            continue
        try:
            _add(found, *_names(content))
        except ValueError as error:
            warnings.append(f"{ALIASES_FILE}:{number}: {error}; the line was left out")
    return replace(found, warnings=tuple(warnings))


def _names(line: str) -> list[str]:
    name, _, others = line.partition("=")
    names = [clean(name), *filter(None, map(clean, others.split(";")))]
    if not names[0] or len(names) < 2:
        raise ValueError('not of the form "name to show = other name; other name"')
    return names


def _add(found: Aliases, name: str, *others: str) -> None:
    claimed = {fold(one): name for one in (name, *others)}
    for folded in claimed:
        if (taken := found.canonical.get(folded, name)) != name:
            raise ValueError(f'"{folded}" already stands for "{taken}"')
    known = found.other_names.get(name)
    names = "; ".join([known, *others] if known else others)
    if len(names) > MAX_NAMES_LENGTH:
        raise ValueError(f"more than {MAX_NAMES_LENGTH:,} characters of other names for one grantee")
    found.canonical.update(claimed)
    found.other_names[name] = names
