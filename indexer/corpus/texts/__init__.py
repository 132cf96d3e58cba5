"""Bytes to text and text to clean text: what every source format needs before its records are cut."""

from indexer.corpus.texts.cleaning import clean
from indexer.corpus.texts.encodings import UTF8_MARK, UTF16_MARKS, Encoding, decode, encoding_of
from indexer.corpus.texts.names import declared_in

__all__ = ["UTF8_MARK", "UTF16_MARKS", "Encoding", "clean", "declared_in", "decode", "encoding_of"]
