"""Texts of others on a terminal: nothing acts on it, nothing hides."""

import sys
import unicodedata

import pytest

from indexer.text.visible import says_something, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("Verité, 2021 – 60 %", "Verité, 2021 – 60 %", id="plain"),
        pytest.param("a\x1b[31mred", "a\\u001b[31mred", id="escape sequence"),
        pytest.param("a\x9b31mred", "a\\u009b31mred", id="its one-character form"),
        pytest.param("user\u202etxt.exe", "user\\u202etxt.exe", id="turned around"),
        pytest.param("a\nb", "a\\u000ab", id="line"),
        pytest.param("a\u2028b", "a\\u2028b", id="line of Unicode"),
        pytest.param("a\U000e0041b", "a\\U000e0041b", id="tag"),
        pytest.param("a\u00a0b\u3000c", "a\u00a0b\u3000c", id="blanks"),
        pytest.param("", "", id="empty"),
    ],
)
def test_what_would_act_is_written_out(text, shown):
    assert visible(text) == shown


def test_every_control_and_format_character_is():
    acting = [
        chr(code)
        for code in range(sys.maxunicode)
        if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zl", "Zp", "Cs")
    ]

    assert len(acting) > 2_000
    assert [char for char in acting if not visible(char).startswith("\\")] == []
    assert visible("a\nb\x9b", lines=True) == "a\nb\\u009b"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u200b" * 40,
        "\u3164" * 60,
        "\u2800" * 30,
        "\u202e\u2066",
        "— … —" * 20,
        "\ufe0f\u200d",
        "\u0301" * 50,
    ],
)
def test_nothing_to_see_says_nothing(text):
    assert not says_something(text)


@pytest.mark.parametrize("text", ["A", "7", "…é", "中", "\u200b x", "한"])
def test_a_letter_says_something(text):
    assert says_something(text)
