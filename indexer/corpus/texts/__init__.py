"""Bytes to text and text to clean text: what every source format needs before its records are cut."""

from indexer.corpus.texts.cleaning import clean, paragraphs, storable
from indexer.corpus.texts.encoding_names import HEAD_BYTES, declared_in
from indexer.corpus.texts.encodings import UTF8_MARK, UTF16_MARKS, Encoding, decode, encoding_of

__all__ = [
    "HEAD_BYTES",
    "UTF8_MARK",
    "UTF16_MARKS",
    "Encoding",
    "clean",
    "declared_in",
    "decode",
    "encoding_of",
    "paragraphs",
    "storable",
]
