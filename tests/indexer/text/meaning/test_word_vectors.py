"""WordLlama read from its installed package: what its vectors say, without a network and without the package."""

import json
import subprocess
import sys

import numpy as np
import pytest

from indexer.text.meaning.models import ModelError
from indexer.text.meaning.word_vectors import MOST_WORDS, WordVectors, read_table
from tests.documents import ROOT
from tests.indexer.text.meaning.extras import needs

pytestmark = needs("tokenizers", "wordllama")

# What a build and a search of one project by meaning import, with every socket blocked.
OFFLINE = """
import socket, sys, tempfile
from pathlib import Path
def refuse(*_, **__):
    raise AssertionError("a socket was opened")
socket.socket = socket.create_connection = socket.getaddrinfo = refuse
from indexer.text.meaning.models import open_model
vectors = open_model("wordllama").encode(["cobalt mines", "where do my clothes come from"])
assert vectors.shape == (2, 256), vectors.shape
print(*sorted({"wordllama", "requests", "huggingface_hub", "pydantic", "torch"} & set(sys.modules)))
"""


@pytest.fixture(scope="module")
def model():
    return WordVectors.installed()


def near(model, one, other):
    first, second = model.encode([one, other])
    return float(first @ second)


def test_what_is_close_in_meaning_is_near_without_a_word_in_common(model):
    assert near(model, "cell phone battery", "smartphone charger") > near(
        model, "cell phone battery", "cocoa farms"
    )
    assert near(model, "apparel", "clothing and fashion") > near(model, "apparel", "court judges")


def test_a_text_has_one_vector_whatever_it_is_encoded_with(model):
    texts = ["Cobalt mines", "Children in cocoa", "", "the of and", "Verité in Malaysia " * 50]
    together = model.encode(texts)
    assert all(
        np.array_equal(model.encode([text])[0], row) for text, row in zip(texts, together, strict=True)
    )
    assert np.array_equal(WordVectors.installed().encode(texts[::-1])[::-1], together)


def test_case_and_accents_change_nothing_and_stop_words_say_nothing(model):
    one, other, third, nothing = model.encode(["Verité", "VERITE", "the verite of", "the of and"])
    assert np.array_equal(one, other)
    assert np.array_equal(one, third)
    assert not nothing.any()


def test_vectors_have_the_length_one(model):
    assert np.allclose(np.linalg.norm(model.encode(["mines", "a much longer text of many words"]), axis=1), 1)


def test_a_long_text_is_its_first_words(model):
    words = [f"word{number}" for number in range(MOST_WORDS + 5)]
    assert np.array_equal(*model.encode([" ".join(words), " ".join(words[:MOST_WORDS])]))


def test_words_that_were_forgotten_are_looked_up_again(model, monkeypatch):
    monkeypatch.setattr("indexer.text.meaning.word_vectors.CACHED_WORDS", 8)
    forgetful = WordVectors.installed()
    texts = [f"mine{number} court{number} school{number}" for number in range(20)] * 2
    assert np.array_equal(forgetful.encode(texts), model.encode(texts))


def test_sums_are_exact_up_to_the_longest_text(model):
    from indexer.text.meaning.word_vectors import MOST_OF_A_WORD

    assert MOST_OF_A_WORD * MOST_WORDS < 2**24


def test_nothing_of_the_package_is_imported_and_no_socket_opened():
    ran = subprocess.run(
        [sys.executable, "-c", OFFLINE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout.split()) == (0, []), ran.stderr


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 8,
        b"\xff" * 8,
        b"\x02\0\0\0\0\0\0\0[]",
        (len(found := json.dumps({"embedding.weight": {"dtype": "F32", "shape": [1, 1]}}).encode())).to_bytes(
            8, "little"
        )
        + found,
    ],
    ids=["empty", "no header", "endless header", "no object", "another type"],
)
def test_another_file_is_no_table(tmp_path, content):
    (tmp_path / "table.safetensors").write_bytes(content)
    with pytest.raises(ValueError, match=r"table|half floats|Expecting"):
        read_table(tmp_path / "table.safetensors")


def test_a_package_without_its_table_is_one_line(monkeypatch):
    monkeypatch.setattr("indexer.text.meaning.word_vectors.WEIGHTS", "weights/none.safetensors")
    with pytest.raises(ModelError, match=r"^the model wordllama cannot be read .*; run: pip install"):
        WordVectors.installed()
