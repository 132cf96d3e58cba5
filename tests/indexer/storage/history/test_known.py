"""What is known after many runs, against a dictionary that goes through them one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.history.keeping import folded
from indexer.storage.history.known import known_of, place_of
from indexer.storage.history.records import KINDS, Run, decoded, encoded

LAWS = settings(max_examples=60, deadline=None)
IDS = range(1, 9)
# What happens to some of a few projects in a run: a kind, with the fingerprint that each then has.
HAPPENING = st.tuples(st.sampled_from(KINDS), st.integers(1, 5))


def run_of(moment, happened):
    """Return the run in which things happened to projects: {hash: (kind, fingerprint)}."""
    hashes = {kind: sorted(one for one, (what, _) in happened.items() if what == kind) for kind in KINDS}
    prints = {
        kind: np.array([[happened[one][1]] * 2 for one in hashes[kind]], np.uint64).reshape(-1, 2)
        for kind in KINDS
        if kind != "removed"
    }
    return Run(moment, moment, 1, {kind: np.array(own, np.uint64) for kind, own in hashes.items()}, prints)


runs_of_projects = st.lists(
    st.dictionaries(st.sampled_from(IDS), HAPPENING, max_size=6), min_size=1, max_size=6
).map(lambda runs: [run_of(moment, happened) for moment, happened in enumerate(runs, 1)])


def brute_force(runs):
    """Return {hash: (first, changed, fingerprint, present)}."""
    known = {}
    for run in runs:
        for kind in KINDS:
            for number, one in enumerate(run.hashes[kind].tolist()):
                first, changed, fingerprint, _ = known.get(one, (None, 0, 0, False))
                if first is None:
                    first = run.moment if kind == "added" else 0
                if kind != "removed":
                    fingerprint = int(run.fingerprints[kind][number][0])
                changed = run.moment if kind == "changed" else changed
                known[one] = (first, changed, fingerprint, kind != "removed")
    return {one: (first or 0, *rest) for one, (first, *rest) in known.items()}


def told(known):
    return {
        one: (first, changed, fingerprint, present)
        for one, first, changed, fingerprint, present in zip(
            known.hashes.tolist(),
            known.first.tolist(),
            known.changed.tolist(),
            known.fingerprints[:, 0].tolist(),
            known.present.tolist(),
            strict=True,
        )
    }


@LAWS
@given(runs_of_projects)
def test_what_is_known_is_what_each_run_in_turn_saw(runs):
    known = known_of(runs)
    assert told(known) == brute_force(runs)
    assert (known.moment, known.since) == (runs[-1].moment, runs[0].moment)


@LAWS
@given(runs_of_projects, st.integers(0, 7))
def test_runs_that_were_put_together_say_the_same(runs, oldest):
    kept = folded(runs, oldest)
    whole = known_of(runs)
    assert (kept is None) == (oldest < 2)
    if kept is not None:
        assert told(known_of(kept)) == told(whole)
        assert known_of(kept).since == whole.since
        assert [one.moment for one in kept[1:]] == [one.moment for one in runs if one.moment >= oldest]
        again = folded([*kept, run_of(99, {1: ("changed", 7)})], 98)
        assert again is None or told(known_of(again[:1])) == told(whole)


@LAWS
@given(runs_of_projects)
def test_a_record_is_read_as_it_was_written(runs):
    for record in (*runs, known_of(runs)):
        again = decoded(encoded(record))
        assert encoded(again) == encoded(record)
        assert told(known_of([again])) == told(known_of([record]))


def test_a_place_is_found_by_its_hash():
    hashes = np.array([3, 5, 9], np.uint64)
    assert place_of(hashes, np.array([9, 4, 3, 10], np.uint64)).tolist() == [2, -1, 0, -1]
    assert place_of(hashes[:0], hashes).tolist() == [-1, -1, -1]
    assert place_of(hashes, hashes).tolist() == [0, 1, 2]
