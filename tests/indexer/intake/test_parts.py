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


PROJECTS = "id;title;startDate;objective\n1;Safe Gold;2020-01-31;Mines.\n2;Fair Work;2021-01-31;\n"
TOPICS = "projectID;topic;title\n1;T1;Mining\n1;T2;Trade\n2;T1;Mining\n3;T1;Alone\n"
LINKS = "id;projectID;url;title\n77;1;http://x;Web site\n78;1;http://y;Blog\n"
ORGANISATIONS = "projectID;name;country\n1;KU Leuven;BE\n1;UvA;NL\n"


@pytest.mark.parametrize("names", [*permutations("abcd", 4)][::7], ids="".join)
def test_what_belongs_to_projects_does_not_take_their_place(tmp_path, names):
    """The tables beside that of the projects, as CORDIS packs them, in any order, at once or later."""
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    for name, text in zip(names, (PROJECTS, TOPICS, LINKS, ORGANISATIONS), strict=True):
        (corpus / f"{name}.csv").write_text(text)
        titles = {title for title, _, _ in indexed(tmp_path)}
        assert titles >= {"Safe Gold", "Fair Work"}
    assert titles == {"Safe Gold", "Fair Work", "Alone"}
    found = reindex(corpus, tmp_path / "index", BuildOptions(full=True))
    assert (found.projects, found.duplicates, found.replaced, found.rejected_count) == (3, 7, 0, 0)
    told = " rows tell only the name and id of projects that others tell more of; left out"
    order = dict(zip((TOPICS, LINKS, ORGANISATIONS), names[1:], strict=True))
    assert set(found.warnings) >= {
        f"{order[TOPICS]}.csv: 3{told}", f"{order[LINKS]}.csv: 2{told}", f"{order[ORGANISATIONS]}.csv: 2{told}"
    }  # fmt: skip


def test_a_list_of_names_alone_is_one_of_projects(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text("id,title\n1,Safe Gold\n2,Fair Work\n1,Safe Seas\n")
    found = reindex(tmp_path / "corpus", tmp_path / "index")
    assert (found.projects, found.replaced) == (2, 1)
    assert "a.csv:4: another project '1' stands at a.csv:2; the later one was taken" in found.warnings


def test_each_row_is_a_project_a_duplicate_replaced_or_rejected(tmp_path):
    """More rows with one id than warnings are listed: the others are counted."""
    rows = [f"{number % 7},Title {number},2020\n" for number in range(1_500)]
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text("id,title,start\n" + "".join(rows) + rows[-1] + "8,,2020\n")
    found = reindex(tmp_path / "corpus", tmp_path / "index")
    assert (found.projects, found.duplicates, found.replaced, found.rejected_count) == (7, 1, 1_493, 1)
    assert len(found.warnings) == 1_001
    assert found.warnings[-1] == "and 493 more warnings, not listed"
    again = reindex(tmp_path / "corpus", tmp_path / "index", BuildOptions(full=True))
    assert again.replaced == found.replaced
