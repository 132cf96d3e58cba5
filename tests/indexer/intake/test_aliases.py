"""The file of other names of grantees: what its lines say, and what is wrong with some."""

import os

import pytest

from indexer.build import reindex
from indexer.intake.aliases import Aliases, parse, read_aliases
from indexer.reporting.report import FieldChange
from search_app.engine.search import SearchEngine
from search_app.request import SearchRequest
from tests.building import write_corpus
from tests.documents import SEED

ILO = "International Labor Organization (ILO)"


def test_a_line_names_one_grantee():
    aliases = parse(
        f"# who is who\n\n{ILO} = International Labour Organization; BIT  # in French\nVerité=Verite Inc\n"
    )
    assert dict(aliases) == {
        "international labor organization (ilo)": ILO,
        "international labour organization": ILO,
        "bit": ILO,
        "verite": "Verité",
        "verite inc": "Verité",
    }
    assert aliases.other_names == {ILO: "International Labour Organization; BIT", "Verité": "Verite Inc"}
    assert aliases.warnings == ()


def test_two_lines_may_name_the_same_grantee():
    aliases = parse("ILO = BIT\nILO = OIT\n")
    assert aliases.other_names == {"ILO": "BIT; OIT"}


FORM = 'not of the form "name to show = other name; other name"; the line was left out'


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("ILO", FORM),
        ("ILO =", FORM),
        ("ILO = ;  ;", FORM),
        ("= BIT", FORM),
        ("WHO = bit", '"bit" already stands for "ILO"; the line was left out'),
        ("BIT = OMS", '"bit" already stands for "ILO"; the line was left out'),
    ],
    ids=["no-sign", "no-names", "empty-names", "no-name", "claimed", "chained"],
)
def test_a_line_that_cannot_be_used_is_left_out_with_a_warning(line, warning):
    aliases = parse(f"ILO = BIT\n{line}\nVerité = Verite Inc\n")
    assert aliases.other_names == {"ILO": "BIT", "Verité": "Verite Inc"}
    assert aliases.warnings == (f"aliases.txt:2: {warning}",)


def test_a_file_of_which_no_line_can_be_used_is_told_as_well(tmp_path):
    corpus = write_corpus(tmp_path / "corpus", SEED)
    (corpus / "aliases.txt").write_text("ILO\n")
    assert f"aliases.txt:1: {FORM}" in reindex(corpus, tmp_path / "index").warnings


def test_a_corpus_without_the_file_has_no_aliases(tmp_path):
    assert read_aliases(tmp_path) == Aliases()


def test_the_file_is_read_in_any_encoding(tmp_path):
    (tmp_path / "aliases.txt").write_bytes("Verité = Vérité Inc".encode("cp1252"))
    assert read_aliases(tmp_path).other_names == {"Verité": "Vérité Inc"}


def _pipe(path):
    os.mkfifo(path)


def _link(path):
    path.symlink_to("/dev/zero")


def _folder(path):
    path.mkdir()


def _huge(path):
    path.write_bytes(b"a" * 2_000_000)


@pytest.mark.parametrize("make", [_pipe, _link, _folder, _huge], ids=["pipe", "link", "folder", "huge"])
def test_what_is_no_such_file_is_never_waited_for(tmp_path, make):
    make(tmp_path / "aliases.txt")
    aliases = read_aliases(tmp_path)
    assert dict(aliases) == {}
    assert len(aliases.warnings) == 1


def test_the_facet_shows_one_name_and_the_search_finds_all(tmp_path):
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.csv").write_text(
        f"id,title,grantee\nA,Decent Work at Sea,{ILO}\nB,Labour Surveys,International Labour Organization\n"
        "C,Safe Gold,Verité\n"
    )
    reindex(tmp_path / "corpus", tmp_path / "index")
    apart = SearchEngine.open(tmp_path / "index").search(SearchRequest())
    assert grantees(apart) == {ILO: 1, "International Labour Organization": 1, "Verité": 1}
    (tmp_path / "corpus" / "aliases.txt").write_text(f"{ILO} = International Labour Organization; Bureau\n")
    report = reindex(tmp_path / "corpus", tmp_path / "index")
    assert [(change.id, change.fields[0]) for change in report.changed if change.fields] == [
        ("B", FieldChange("grantee", "International Labour Organization", ILO))
    ]
    engine = SearchEngine.open(tmp_path / "index")
    assert grantees(engine.search(SearchRequest())) == {ILO: 2, "Verité": 1}
    for q in ("ILO", "bureau", "grantee:labour"):
        assert sorted(hit.project.id for hit in engine.search(SearchRequest(q=q)).hits) == ["A", "B"]


def grantees(results):
    """Return the counts of the grantee facet."""
    (facet,) = (facet for facet in results.facets if facet.name == "grantee")
    return {bucket.value: bucket.count for bucket in facet.buckets}
