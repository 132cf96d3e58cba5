"""The best page of what was found: exact, without working out the bonuses of everything.

What the leaders reach with their bonuses is a floor for the page; a document that would stay below it with
all the bonuses that it can have cannot get onto the page.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search_app.embedded.matching.bonuses import Bonuses
from search_app.embedded.postings.matches import Matches, Scores, shared

# The best by BM25F, whose bonuses are worked out first: enough that some of them have high ones.
LEADERS = 256
# Contenders from which on it pays to look at which words each of them has.
MANY = 2_000
# Scores that a floor is first guessed from; the guess is never too high.
SAMPLED = 1_024


def best(found: Matches, bonuses: Bonuses, size: int) -> Matches:
    """Return the `size` best of `found`, best first, equal scores by document number."""
    if bonuses.bound:
        found = _with_bonuses(found, bonuses, size)
    if len(found) > size:
        found = found.only(found.scores >= _largest(found.scores, size))
    order = np.lexsort((found.documents, -found.scores))[:size]
    return Matches(found.documents.take(order), found.scores.take(order))


def _with_bonuses(found: Matches, bonuses: Bonuses, size: int) -> Matches:
    """Return the matches that may be among the `size` best, with their bonuses, in no order."""
    if len(found) > size:
        # So many reach this without any bonus.
        found = found.only(found.scores >= _largest(found.scores, size) - np.float32(bonuses.bound))
    if len(found) <= max(LEADERS, size):
        return found.plus(bonuses.of(found.documents))
    leads = _leads(found, bonuses, size)
    leaders = found.only(leads)
    of = bonuses.of if len(bonuses.titled) else bonuses.untitled
    leaders = leaders.plus(of(leaders.documents))
    floor = _largest(leaders.scores, size)
    others = found.only(~leads & (found.scores >= floor - np.float32(bonuses.untitled_bound)))
    if len(others) > MANY:
        others = others.only(others.scores + bonuses.untitled_limits(others.documents) >= floor)
    if not len(others):
        return leaders
    # None of these can have the title bonus: those that can are among the leaders.
    return leaders.followed_by(others.plus(bonuses.untitled(others.documents)))


def _leads(found: Matches, bonuses: Bonuses, size: int) -> NDArray[np.bool_]:
    """Tell which matches are looked at first: the best by BM25F, and those that the title may lift."""
    leads = found.scores >= _largest(found.scores, max(LEADERS, size))
    if len(bonuses.titled):
        leads[shared(bonuses.titled, found.documents, bonuses.documents)[1]] = True
    return leads


def _largest(scores: Scores, size: int) -> np.float32:
    """Return the `size`-th largest of at least `size` scores."""
    step = len(scores) // max(SAMPLED, 2 * size)
    if step > 1:
        # A sample's best are at most as good as those of all: what is below them need not be looked at.
        scores = scores.compress(scores >= _largest(scores[::step], size))
    scores = scores.copy()
    scores.partition(len(scores) - size)
    floor: np.float32 = scores[len(scores) - size]
    return floor


def smallest_keys(keys: NDArray[np.int64] | NDArray[np.float64], size: int) -> NDArray[np.intp]:
    """Return the indices of the `size` smallest keys, equal keys by index: [1, 2] for 2 of [7, 3, 3]."""
    if len(keys) > size:
        limit = np.partition(keys, size - 1)[size - 1] if size else -np.inf
        rows = np.flatnonzero(keys <= limit)
    else:
        rows = np.arange(len(keys))
    return rows[np.argsort(keys[rows], kind="stable")][:size]
