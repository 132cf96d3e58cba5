"""The file of words that a corpus brings along: what its lines say, and what is wrong with some."""

import pytest

from indexer.text.word_rules import FORM, WordRules, parse


def test_what_is_the_same_and_what_is_told_apart():
    rules = parse(
        "\ufeff# ours\n\nkids = children, minors  # both\nRMG = ready-made  garments\n"
        "universe, universal ≠ university != varsity\n".removeprefix("\ufeff")
    )
    assert rules == WordRules(
        same=(("kids", "children", "minors"), ("RMG", "ready-made garments")),
        apart=((("universe", "universal"), ("university",), ("varsity",)),),
    )
    assert rules.stem_lines == ((("universe", "universal"), ("university",), ("varsity",)),)


def test_rules_are_what_their_lines_say():
    rules = parse("kids = children\nuniverse, universal != university\n")
    assert rules.lines() == ["kids = children", "universe, universal ≠ university"]
    assert parse("\n".join(rules.lines())) == rules


def test_only_single_words_have_stems_to_tell_apart():
    assert parse("Côte d'Azur ≠ Côte d'Ivoire\nExpérience, trial run ≠ experiment").stem_lines == (
        (("experience",), ("experiment",)),
    )


@pytest.mark.parametrize(
    ("line", "warning"),
    [
        ("kids", FORM),
        ("kids, children", FORM),
        ("kids =", FORM),
        ("= , ,", FORM),
        ("kids = kids", FORM),
        ("kids ≠", FORM),
        ("≠ kids", FORM),
        ("a = b ≠ c", "a line has either = or ≠"),
        ("kids = …", '"…" has no letter and no digit'),
        ("the ≠ then", '"the" is too common to be searched for'),
        ("kid, kids ≠ Kids", '"kids" stands on both sides'),
        ("import ≠ importance", '"import" and "importance" are the same in line 1'),
        ("paste = past", '"paste" and "past" are told apart in line 2'),
    ],
)
def test_a_line_that_cannot_be_used_is_left_out_with_a_warning(line, warning):
    rules = parse(f"import = importance\npast ≠ paste\n{line}\nlabor = work\n")
    assert rules.same == (("import", "importance"), ("labor", "work"))
    assert rules.apart == ((("past",), ("paste",)),)
    assert rules.warnings == (f"words.txt:3: {warning}; the line was left out",)


def test_a_line_may_be_said_twice():
    assert parse("kids = children\nchildren = kids\npast ≠ paste\npaste ≠ past").warnings == ()
