"""What the processes that tests fork have loaded already: all that a build needs, by one of nothing much.

It takes most of the time of a small build, and an ordinary user may not read it from the disk.
"""

import codecs
import tempfile
from pathlib import Path

import nltk.stem.snowball
import nltk.tokenize  # noqa: F401

import indexer.cli
import indexer.commands.reindexing
import indexer.reporting.progress
import indexer.reporting.summary  # noqa: F401
from indexer.build import reindex

codecs.lookup("ascii")
with tempfile.TemporaryDirectory() as _name:
    _corpus = Path(_name, "corpus")
    _corpus.mkdir()
    (_corpus / "one.csv").write_text("title,description\nCourts,Labor courts of Mexico\n")
    reindex(_corpus, Path(_name, "index"))
