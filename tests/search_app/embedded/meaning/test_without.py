"""Without the extra: a build and a search import nothing of it, and a model that is named is one line."""

import subprocess
import sys

from tests.documents import ROOT

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
