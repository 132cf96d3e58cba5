"""A brute-force search: a few lines of plain Python over the documents, against which the matcher is held.

It shares with the product the analysis of a text into words and nothing of how these are stored or matched.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from whoosh import query as wq

from indexer.document import Project
from indexer.storage.schema import FIELD_WEIGHTS, K1, TEXT_FIELDS, B
from indexer.text.analysis import tokens
from indexer.text.stemming import stemming
from search_app.query.written import Written, WrittenPhrase
from search_app.query.written import places as places_of

ANY = "text"
stem = stemming().stem


class Reference:
    """Documents as lists of (field, position, word), searched one by one."""

    def __init__(self, projects: Sequence[Project]):
        self.projects = projects
        self.documents = []
        for project in projects:
            found = {}
            for field in TEXT_FIELDS:
                for token in tokens(getattr(project, field, "")):
                    # A term stands once at a position: a joined form gives way to the part it begins with.
                    found.setdefault((field, token.position, stem(token.text)), token.text)
            self.documents.append([(f, p, s, w) for (f, p, s), w in found.items()])
        self.lengths = [
            {f: 1 + max((p for g, p, _, _ in doc if g == f), default=-1) for f in TEXT_FIELDS}
            for doc in self.documents
        ]
        self.means = {}
        for field in TEXT_FIELDS:
            known = [length[field] for length in self.lengths if length[field]]
            # To nine bits.
            unit = 2.0 ** (math.floor(math.log2(sum(known) / len(known))) - 8) if known else 1.0
            self.means[field] = round(sum(known) / len(known) / unit) * unit if known else 1.0

    def search(self, tree: wq.Query) -> dict[int, float]:
        """Return the score of each matching document."""
        boost = getattr(tree, "boost", 1.0)
        return {number: score * boost for number, score in self._search(tree).items()}

    def _search(self, tree):
        everything = range(len(self.documents))
        if isinstance(tree, wq.Every):
            return dict.fromkeys(everything, 0.0)
        if isinstance(tree, Written):
            return self._scored(tree.fieldname, lambda doc: [(f, p) for f, p, _, w in doc if w == tree.text])
        if isinstance(tree, wq.Term):
            return self._scored(tree.fieldname, lambda doc: [(f, p) for f, p, s, _ in doc if s == tree.text])
        if isinstance(tree, wq.Prefix):
            return self._scored(
                tree.fieldname, lambda doc: [(f, p) for f, p, _, w in doc if w.startswith(tree.text)]
            )
        if isinstance(tree, wq.Phrase):
            return self._phrase(tree)
        if isinstance(tree, wq.Not):
            found = self.search(tree.query)
            return {number: 0.0 for number in everything if number not in found}
        children = [self.search(one) for one in tree.subqueries]
        if isinstance(tree, wq.And):
            every = set.intersection(*(set(one) for one in children))
            return {number: sum(one[number] for one in children) for number in every}
        combine = sum if isinstance(tree, wq.Or) else max
        return {
            number: combine([one[number] for one in children if number in one])
            for number in set().union(*children)
        }

    def _phrase(self, tree):
        """Words as written are told by the word, others by any of the stems that fit the place."""
        if isinstance(tree, WrittenPhrase):
            places = [({stem(word)}, lambda _, w, word=word: w == word) for word in tree.words]
        else:
            places = [({*stems}, lambda s, _, stems=stems: s in stems) for stems in places_of(tree)]

        def starts(doc):
            at = {}
            for f, p, s, w in doc:
                at.setdefault((f, p), []).append((s, w))
            return [
                (f, p) for f, p in at
                if all(any(fits(*one) for one in at.get((f, p + n), [])) for n, (_, fits) in enumerate(places))
            ]  # fmt: skip

        known = [
            [self._having(ANY, lambda doc, s=one: [1 for _, _, t, _ in doc if t == s]) for one in stems]
            for stems, _ in places
        ]
        weight = sum(min((self._idf(len(one)) for one in ones if one), default=0.0) for ones in known)
        return self._scored(tree.fieldname, starts, weight)

    def _having(self, field, occurrences):
        return [n for n, doc in enumerate(self.documents) if occurrences(doc)]

    def _scored(self, field, occurrences, weight=None):
        frequencies = {}
        for number, doc in enumerate(self.documents):
            weights = [self._norm(number, f) for f, _ in occurrences(doc) if field in (f, ANY)]
            if weights:
                frequencies[number] = sum(weights)
        weight = self._idf(len(frequencies)) if weight is None else weight
        return {number: weight * tf / (K1 + tf) for number, tf in frequencies.items()}

    def _norm(self, number, field):
        return FIELD_WEIGHTS[field] / (1 - B + B * self.lengths[number][field] / self.means[field])

    def _idf(self, found):
        return math.log(1 + (len(self.documents) - found + 0.5) / (found + 0.5))
