"""A part never replaces a whole: in any order, in one file or several, at once or one after the other."""

from itertools import permutations

import pytest

from indexer.build import BuildOptions, reindex
from indexer.storage.generation import current
from indexer.storage.segment import Segment

WHOLE = "Safe Gold01/15/2020 - 12/31/2023 Moves children out of mines. |\nVerité |\n|\n"
CUT = "Safe Gold01/15/2020 - 12/31/2023 Moves children out of mi"
SHORTER = "Safe Gold01/15/2020 - 12/31/2023 Moves"
OTHER = "Safe Seas02/01/2018 - 01/31/2022 Trains fishers. |\nPartners |\n|\n"


def indexed(folder, full=False):
    """Return what the index of a corpus has: title, description and grantee."""
    reindex(folder / "corpus", folder / "index", BuildOptions(full=full, allow_shrink=True))
    segment = Segment.open(current(folder / "index"))
    found = [segment.project(number) for number in range(len(segment))]
    return sorted((one.title, one.description, one.grantee) for one in found)


GOLD = ("Safe Gold", "Moves children out of mines.", "Verité")
SEAS = ("Safe Seas", "Trains fishers.", "Partners")


@pytest.mark.parametrize("page", [WHOLE + OTHER + CUT, OTHER + WHOLE + CUT, WHOLE + WHOLE + OTHER + SHORTER])
def test_a_record_cut_off_at_the_end_of_a_paste_is_not_taken_for_the_whole(tmp_path, page):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(f"Results\n{page}")
    assert indexed(tmp_path) == [GOLD, SEAS]


@pytest.mark.parametrize("order", list(permutations(["whole", "cut", "shorter"])), ids="-".join)
def test_the_whole_wins_in_any_order_of_files_and_runs(tmp_path, order):
    pages = {"whole": WHOLE, "cut": CUT, "shorter": SHORTER}
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "z.txt").write_text(f"Results\n{OTHER}")
    had = set()
    for number, name in enumerate(order):
        (tmp_path / "corpus" / f"{number}.txt").write_text(f"Results\n{pages[name]}")
        had.add(name)
        expected = (
            GOLD if "whole" in had
            else ("Safe Gold", "Moves children out of mi", "") if "cut" in had
            else ("Safe Gold", "Moves", "")
        )  # fmt: skip
        assert indexed(tmp_path) == [expected, SEAS]
        assert indexed(tmp_path, full=True) == [expected, SEAS]
    (tmp_path / "corpus" / f"{order.index('whole')}.txt").unlink()
    assert indexed(tmp_path) == [("Safe Gold", "Moves children out of mi", ""), SEAS]
