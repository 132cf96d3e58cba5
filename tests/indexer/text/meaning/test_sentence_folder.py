"""A folder with an exported sentence model: what it says, and what is said of a folder that has none."""

import numpy as np
import pytest

from indexer.text.meaning.models import ModelError, open_model
from tests.indexer.text.meaning.extras import needs
from tests.indexer.text.meaning.tiny_onnx import TABLE, written

pytestmark = needs("tokenizers", "onnxruntime")
MEAN, FIRST = "pooling_mode_mean_tokens", "pooling_mode_cls_token"


@pytest.mark.parametrize("below", ["", "onnx", "a_wheel/model"])
def test_the_mean_of_its_tokens_is_what_a_text_says(tmp_path, below):
    model = open_model(str(written(tmp_path / "tiny", below)))
    assert (model.name, model.dimensions) == ("tiny", 3)
    found = model.encode(["cobalt battery", "", "Cocoa"])
    expected = TABLE[[1, 2]].mean(axis=0)
    assert np.allclose(found[0], expected / np.linalg.norm(expected))
    assert not found[1].any()
    assert np.allclose(found[2], [0, 1, 0])


def test_the_first_token_where_the_model_says_so(tmp_path):
    folder = written(tmp_path / "tiny", pooling={FIRST: True, MEAN: False})
    assert np.allclose(open_model(str(folder)).encode(["cocoa cobalt"]), [[0, 1, 0]])


def test_a_text_has_one_vector_whatever_it_is_encoded_with(tmp_path):
    model = open_model(str(written(tmp_path / "tiny")))
    texts = ["cobalt", "battery cocoa chocolate", "unknown words"]
    together = model.encode(texts)
    assert all(
        np.array_equal(model.encode([text])[0], row) for text, row in zip(texts, together, strict=True)
    )


def test_other_content_is_another_model(tmp_path):
    one, other = (open_model(str(written(tmp_path / name))) for name in ("one", "other"))
    assert one.fingerprint == other.fingerprint
    first = written(tmp_path / "first", pooling={FIRST: True, MEAN: False})
    assert open_model(str(first)).fingerprint != one.fingerprint


def spoil(folder, how):
    if how == "no network":
        (folder / "model.onnx").unlink()
    elif how == "two networks":
        (folder / "other.onnx").write_bytes(b"")
    elif how == "no tokenizer":
        (folder / "tokenizer.json").unlink()
    elif how == "broken network":
        (folder / "model.onnx").write_bytes(b"nothing")
    elif how == "broken tokenizer":
        (folder / "tokenizer.json").write_text("{}")
    else:
        (folder / "1_Pooling").mkdir()
        (folder / "1_Pooling" / "config.json").write_text('{"pooling_mode_mean_tokens": false}')


@pytest.mark.parametrize(
    "how",
    ["no network", "two networks", "no tokenizer", "broken network", "broken tokenizer", "another pooling"],
)
def test_a_folder_of_another_kind_is_one_line(tmp_path, how):
    folder = written(tmp_path / "tiny")
    spoil(folder, how)
    with pytest.raises(ModelError) as refused:
        open_model(str(folder))
    assert str(folder) in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_missing_folder_is_one_line(tmp_path):
    with pytest.raises(ModelError, match=r"no model .*nowhere: name wordllama, or a folder"):
        open_model(str(tmp_path / "nowhere"))
