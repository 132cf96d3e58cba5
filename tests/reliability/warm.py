"""What the processes that tests fork have loaded already; an ordinary user may not read it from the disk."""

import codecs

import nltk.stem.snowball
import nltk.tokenize  # noqa: F401

codecs.lookup("ascii")
