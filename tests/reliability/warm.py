"""What the process that runs are forked from has loaded already."""

import indexer.build
import indexer.chunks
import indexer.cli
import indexer.corpus.page
import indexer.postings
import nltk.stem.snowball
import nltk.tokenize  # noqa: F401
