"""List the messages that people can meet: `python -m tests.promised.messages` writes `messages.txt` anew.

A message is a text of three words or more in the code of the two packages that is no docstring; `{}` stands for
what is put in. Texts of the templates of pages are not among them. They are no promise, and may change: the list is there
so that a change is seen.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.documents import ROOT

LIST = Path(__file__).parent / "messages.txt"
PACKAGES = ("indexer", "search_app")
# Words with blanks between; what has marks of a pattern, of markup or of a header is for machines, and so many
# words without the end of a sentence are a table.
_WORD = re.compile(r"\b[^\W\d_]{2,}\b")
_FEWEST_WORDS, _MOST_WORDS = 3, 18
_FOR_MACHINES = re.compile(r"[<>^\\]|\(\?|\|[-\w]|_[a-z]+ |'self'|=\(\)|max-age|charset=")
_SENTENCE = re.compile(r"[.;:{]")


def listed() -> list[str]:
    """Return the messages as they were last written down."""
    return LIST.read_text(encoding="utf-8").splitlines()


def present() -> list[str]:
    """Return the messages of this code, each with its module, in the order of the alphabet."""
    return sorted({line for name in PACKAGES for path in (ROOT / name).rglob("*.py") for line in _of(path)})


def _of(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    module = path.relative_to(ROOT).with_suffix("").as_posix()
    for text in _texts(tree):
        words = " ".join(text.split())
        count = len(_WORD.findall(words)) if " " in words and not _FOR_MACHINES.search(words) else 0
        if count >= _FEWEST_WORDS and (count <= _MOST_WORDS or _SENTENCE.search(words)):
            yield f"{module}: {words}"


def _texts(node: ast.AST) -> Iterator[str]:
    """Yield the texts below a node, that of a template in one piece; no docstrings, nor lists to be split."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.Attribute) and node.attr in ("split", "splitlines"):
        return
    if isinstance(node, ast.JoinedStr):
        yield "".join(_piece(one) for one in node.values)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    for below in ast.iter_child_nodes(node):
        yield from _texts(below)


def _piece(one: ast.expr) -> str:
    return one.value if isinstance(one, ast.Constant) and isinstance(one.value, str) else "{}"


if __name__ == "__main__":
    LIST.write_text("\n".join([*present(), ""]), encoding="utf-8")
