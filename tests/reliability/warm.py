"""What the processes that tests fork have loaded already; an ordinary user may not read it from the disk."""

import codecs

import indexer.build
import indexer.chunks
import indexer.cli
import indexer.corpus.page
import indexer.postings
import nltk.stem.snowball
import nltk.tokenize  # noqa: F401

codecs.lookup("ascii")
