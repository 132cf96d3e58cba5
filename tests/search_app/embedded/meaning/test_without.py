"""Without the extra, or with it but off: nothing of it is imported or opened; a named model is one line."""

import subprocess
import sys

import pytest

from tests.documents import ROOT
from tests.indexer.text.meaning.extras import needs

# Refuses to import what the extras bring, as if it were not installed.
WITHOUT = """
import importlib.abc, importlib.util, sys, tempfile
from pathlib import Path
GONE = {"tokenizers", "wordllama", "onnxruntime", "safetensors", "huggingface_hub"}
class Refused(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in GONE:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Refused())
found = importlib.util.find_spec
importlib.util.find_spec = lambda name, *others: None if name.partition(".")[0] in GONE else found(name, *others)
from indexer.build import BuildOptions, reindex
from search_app import create_app
with tempfile.TemporaryDirectory() as folder:
    index = Path(folder, "index")
    plain = reindex(Path("corpus"), index)
    print(sum("model" in str(one) for one in plain.warnings))
    named = reindex(Path("corpus"), Path(folder, "named"), BuildOptions(meaning="wordllama"))
    print(*[one for one in named.warnings if "wordllama" in str(one)], sep="|")
    for meaning in ("", "wordllama"):
        app = create_app({"SEARCH_INDEX_DIR": index, "SEARCH_MEANING": meaning, "SEARCH_LOG_FORMAT": "none"})
        answer = app.test_client().get("/api/v1/search?q=courts").json
        print(answer["total"] > 0, answer["related"], {hit["meaning"] for hit in answer["results"]})
print(*sorted(GONE & set(sys.modules)))
"""


def test_without_the_extra_nothing_of_it_is_imported_and_all_else_works():
    ran = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    none, said, plain, named, imported = ran.stdout.splitlines()
    assert none == "0"
    assert said.count("|") == 0
    assert "pip install 'grant-search[meaning]'" in said
    assert plain == named == "True [] {None}"
    assert imported == ""
    assert ran.stderr.count("by words alone") == 1


# Says which modules and files of the extras a build and a search take, where a model is named and where none is.
TAKEN = """
import sys, tempfile
from pathlib import Path
EXTRAS = ("tokenizers", "wordllama", "onnxruntime", "safetensors", "huggingface_hub")
taken = set()
def notice(event, given):
    if event in ("import", "open", "os.listdir", "os.scandir"):
        # Packages of their own: Whoosh has a module of tokenizers as well.
        first = str(given[0]).rpartition("site-packages/")[2].split("/")[0].split(".")[0]
        taken.update({first} & set(EXTRAS))
sys.addaudithook(notice)
from indexer.build import BuildOptions, reindex
from search_app import create_app
with tempfile.TemporaryDirectory() as folder:
    meaning = sys.argv[1]
    reindex(Path("corpus"), Path(folder, "index"), BuildOptions(meaning=meaning))
    settings = {"SEARCH_INDEX_DIR": Path(folder, "index"), "SEARCH_LOG_FORMAT": "none"}
    app = create_app({**settings, "SEARCH_MEANING": meaning})
    for path in ("/search?q=courts", "/api/v1/search?q=cobalt", "/"):
        assert app.test_client().get(path).status_code == 200
taken.update(one for one in EXTRAS if one in sys.modules)
print(*sorted(taken))
"""


@pytest.mark.parametrize(
    ("meaning", "expected"),
    [("", ""), pytest.param("wordllama", "tokenizers wordllama", marks=needs("tokenizers", "wordllama"))],
    ids=["off", "on"],
)
def test_where_it_is_off_nothing_of_it_is_imported_or_opened(meaning, expected):
    ran = subprocess.run(
        [sys.executable, "-c", TAKEN, meaning], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip() == expected
