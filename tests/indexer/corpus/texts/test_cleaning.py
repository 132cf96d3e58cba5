"""Texts of cells: markup that an export left in them, paragraphs, and what is no markup."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.corpus.texts import clean, paragraphs, storable

DECODED = [
    ("Caf&eacute;&nbsp;x<br/>y", "Café x y"),
    ("AT&amp;T", "AT&T"),
    ("AT&amp;amp;T", "AT&T"),
    ("&#201;cole &#xE9;l&#x00e9;mentaire", "École élémentaire"),
    ("&#150; dash", "– dash"),
    ("&#0;&#xD800;x", "\ufffd\ufffdx"),
    ("<p>One.</p><p>Two.</p>", "One. Two."),
    ("<b>Safe</b> <i>Gold</i>", "Safe Gold"),
    ("un<i>believ</i>able", "unbelievable"),
    ('<a href="http://x.org/?a=1&amp;b=2">Link</a> text', "Link text"),
    ("<span style='color: red'>Red</span>", "Red"),
    ("&lt;p&gt;Escaped&lt;/p&gt;", "Escaped"),
    ("<ul><li>One</li><li>Two</li></ul>", "One Two"),
    ("a<!-- comment <b> -->b", "ab"),
    ("x<script>if (a<b) {}</script>y", "xy"),
    ("Verité<sup>1</sup> and 21<sup>st</sup>", "Verité and 21st"),
    ("10<sup>6</sup> km<sup>2</sup>", "10⁶ km²"),
    ("H<sub>2</sub>O", "H2O"),
    ("<P ALIGN=center>Old<BR CLEAR=all>page", "Old page"),
]
PLAIN = [
    "a < b",
    "a<b and b>c",
    "<5 years",
    "children <5 years and >2 years",
    "R&D; P&L",
    "AT&T",
    "&c.",
    "&notanentity;",
    "&copy 2020",
    "<acronym",
    "<title>",
    "<https://example.org>",
    "<someone@example.org>",
    "i<b>c",
    "<b and c>",
    "2 << 3",
    "x <- y",
    "<<NAME>>",
    "p<0.05",
    "&lt;5 years",
]


@pytest.mark.parametrize(("text", "expected"), DECODED)
def test_markup_in_a_cell_is_decoded(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_no_markup_stays(text):
    assert clean(text) == text.replace("&lt;", "<")
    assert paragraphs(text) == text.replace("&lt;", "<")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>One.</p>\n<p>Two\nlines.</p>", "One.\nTwo lines."),
        ("One<br>Two", "One\nTwo"),
        ("One.\n\nTwo.", "One.\nTwo."),
        ("One.\r\n\r\n\r\nTwo.", "One.\nTwo."),
        ("One.\nTwo.", "One.\nTwo."),
        ("One\ngoes on.", "One goes on."),
        ("Aims:\n- one\n- two", "Aims:\n- one\n- two"),
        ("Aims\n1) one\n2) two", "Aims\n1) one\n2) two"),
        ("  One.  ", "One."),
        ("One.\u2029Two.", "One.\nTwo."),
        ("It trains every inspector of our labours.\nIt trains judges, too, and the clerks\nof courts.",
         "It trains every inspector of our labours. It trains judges, too, and the clerks of courts."),
        ("x " * 100 + "end.\nNew.", "x " * 100 + "end.\nNew."),
        ("", ""),
    ],
)  # fmt: skip
def test_paragraphs_survive(text, expected):
    assert paragraphs(text) == expected


@given(st.text(alphabet="ab<>&;/ps\n\r='\" !-#1x\ud800", max_size=80))
def test_any_text_is_cleaned(text):
    assert storable(clean(text)) == clean(text)
    assert "\n" not in clean(text)
    assert all(line == line.strip() != "" for line in paragraphs(text).split("\n")) or not paragraphs(text)
    assert paragraphs(paragraphs(text)).split() == clean(clean(text)).split() or "<" in text or "&" in text
