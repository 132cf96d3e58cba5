"""Facts: what every server keeps of a generation: its words and names, and what is counted of them.

They travel with the generation, as one blob of plain arrays (NumPy's .npz, read without pickle) in parts of
some megabytes, beside the index of its projects. A hash in the index's own description tells that all of
it is there. Beside them lies what happened to projects, which a server reads when it is asked for.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from indexer.cluster.client import NOT_FOUND, Cluster
from indexer.cluster.turning import Moments
from indexer.errors import ClusterError
from indexer.storage.arrays.field_documents import field_documents
from indexer.storage.arrays.sums import narrowed
from indexer.storage.arrays.text_tables import Texts
from indexer.storage.days import years_of
from indexer.storage.history.moments import days_of
from indexer.storage.own_fields import from_bytes, of_type
from indexer.storage.segment import Segment

# Bytes of a part: a request of some megabytes is what a cluster takes well.
PART = 3_000_000
DIGEST_BYTES = 16
# Parts that are asked for at once, and seconds for them.
PARTS_AT_ONCE, PARTS_SECONDS = 8, 60.0
# Values of a measured field that its ranges are made from.
SAMPLE = 10_000

Arrays = dict[str, NDArray[Any]]
# What a part is of: what every server keeps, what it reads when it is asked for changes, or to go by meaning.
Kind = Literal["part", "past", "vectors"]
_TEXTS = ("words", "terms", "word_rules", "acronyms", "grantee_names", "own_values", "own_codes")


@dataclass(frozen=True, slots=True)
class Facts:
    """The arrays of a lexicon, of names and of years, by the names that `Segment` gives them."""

    arrays: Arrays

    @classmethod
    def of(cls, segment: Segment, seen: Moments) -> Self:
        """Take them from a segment; counts in place of what they are counted from."""
        arrays: Arrays = {
            "word_terms": segment.word_terms,
            "word_documents": segment.word_documents,
            "term_documents": np.diff(segment.term_postings.astype(np.int64)).astype(np.uint32),
            "field_documents": field_documents(segment),
            "term_words": segment.term_words,
            "term_words_start": segment.term_words_start,
            "acronym_counts": np.bincount(
                segment.acronym_mentions.reshape(-1, 2)[:, 1], minlength=len(segment.acronyms)
            ),
            "grantee_counts": np.bincount(segment.grantee, minlength=len(segment.grantee_names)),
            "span_years": segment.span_years,
            "span_counts": np.bincount(segment.spans, minlength=len(segment.span_years)),
            "own_fields": np.frombuffer(segment.own_fields, np.uint8),
            "own_value_starts": segment.own_value_starts,
        }
        for name in _TEXTS:
            texts: Texts = getattr(segment, name)
            blob, offsets = texts.joined()
            arrays[f"{name}_blob"] = np.frombuffer(blob, np.uint8)
            arrays[f"{name}_sizes"] = narrowed(offsets[1:] - offsets[:-1])
        return cls({**arrays, **dict(_own(segment)), **dict(_seen(seen))})

    def texts(self, name: str) -> Texts:
        """Return a table of texts."""
        return Texts(self.arrays[f"{name}_blob"].tobytes(), self.arrays[f"{name}_sizes"])

    @classmethod
    def read(cls, cluster: Cluster, index: str, digest: str) -> Self:
        """Return the facts that an index has; raise ClusterError if they are not those with this hash."""
        return cls(joined(_parts(cluster, index, "part"), digest))


def parted(arrays: Arrays, folder: Path) -> tuple[str, Iterator[str]]:
    """Return the hash of the blob of some arrays, and its parts as base64.

    The blob lies in a file without a name in `folder` meanwhile: it may be as large as the vectors of all
    projects are.
    """
    file = TemporaryFile(dir=folder)  # noqa: SIM115  closed when the last part was read
    np.savez_compressed(file, allow_pickle=False, **arrays)
    file.seek(0)
    digest = hashlib.file_digest(file, partial(hashlib.blake2b, digest_size=DIGEST_BYTES))
    return digest.hexdigest(), _read_parts(file)


def _read_parts(file: IO[bytes]) -> Iterator[str]:
    with file:
        file.seek(0)
        while part := file.read(PART):
            yield base64.b64encode(part).decode()


def joined(parts: Iterable[str], digest: str) -> Arrays:
    """Return the arrays of parts; raise ClusterError if they are not those with this hash."""
    blob = b"".join(map(base64.b64decode, parts))
    if hashlib.blake2b(blob, digest_size=DIGEST_BYTES).hexdigest() != digest:
        raise ClusterError("the words, names or changes in the cluster are not whole; run: reindex --full")
    with np.load(io.BytesIO(blob), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


def read_more(cluster: Cluster, index: str, kind: Kind, digest: str) -> Arrays:
    """Return what else an index of facts has; raise ClusterError if it is not that with this hash."""
    return joined(_parts(cluster, index, kind), digest)


def _parts(cluster: Cluster, index: str, kind: Kind) -> list[str]:
    """Return the parts of one kind in their order."""
    parts: list[str] = []
    while True:
        body = {
            "size": PARTS_AT_ONCE,
            "sort": [{kind: "asc"}],
            "query": {"range": {kind: {"gte": len(parts)}}},
            "_source": ["blob"],
        }
        parameters = {"allow_partial_search_results": "false"}
        answer = cluster.ask(
            "POST",
            f"{index}/_search",
            body,
            parameters=parameters,
            seconds=PARTS_SECONDS,
            allowed=(NOT_FOUND,),
        )
        # Without the index there are none.
        found = [hit["_source"]["blob"] for hit in answer.get("hits", {}).get("hits", ())]
        if not found:
            return parts
        parts += found


def _own(segment: Segment) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the years of each date field, and a sample of each measured one to make ranges from.

    The sample is every so many of the sorted values, with the lowest and the highest: all, if they are few.
    """
    declared = from_bytes(segment.own_fields)
    for number, _ in enumerate(of_type(declared, "keyword")):
        first, last = segment.own_value_starts[number : number + 2].tolist()
        bounds = segment.own_entry_starts[[number * len(segment), (number + 1) * len(segment)]].tolist()
        yield f"uses_{number}", np.bincount(segment.own_entries[slice(*bounds)], minlength=last - first)
    for number, field in enumerate(of_type(declared, "money", "number")):
        values = segment.own_numbers[number]
        known = np.sort(values[~np.isnan(values)])
        chosen = np.linspace(0, len(known) - 1, min(len(known), SAMPLE)).round().astype(np.int64)
        yield f"sample_{field.name}", known[chosen]
    for number, field in enumerate(of_type(declared, "date")):
        yield f"years_{field.name}", _first_and_last(segment.own_days[number])


def _seen(seen: Moments) -> Iterator[tuple[str, NDArray[Any]]]:
    for name, moments in seen.items():
        yield f"years_{name}", _first_and_last(days_of(moments))


def _first_and_last(days: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return the first and the last year of some days, none if no day is known."""
    years = years_of(days)
    known = years[years > 0]
    return np.array([known.min(), known.max()] if len(known) else [], np.int64)
