"""The words that a project is known by: how many, how many are shown, and which never tell anything."""

from __future__ import annotations

from indexer.text.analysis import STOP_WORDS

# The words a project is known by. More would only add what it has in common with everybody.
MAX_WORDS = 24
# Characters of a description that are looked through for these words: the beginning says what a project is.
MOST_READ = 5_000
# Shared words shown of a near project.
MAX_SHARED = 6

_COLOURLESS = """
about after against all also among before between both during each how its more most new no not other over
per project some than through under until up via what when where while who will with within without would
"""
# Words that say nothing of a subject: in a small corpus they can be rare enough to look as if they did.
SILENT = STOP_WORDS | set(_COLOURLESS.split())
