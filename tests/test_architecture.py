"""The house rules that can be checked: who imports whom, sizes, names, and what is said of them."""

import ast
import re
import statistics
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.documents import ROOT

MODULES = sorted(path for name in ("indexer", "search_app") for path in (ROOT / name).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

MOST_MODULE_LINES, MOST_BODY_LINES, MOST_MEDIAN_LINES, MOST_PARAMETERS = 300, 40, 8, 5
# Modules of more lines than are wanted, each with its reason: one idea, which would be harder to follow in two places.
FEWER_MODULE_LINES = 250
MORE_MODULE_LINES = {
    "indexer/intake/accepting.py": "which of several records with one id counts, in every way that a record can be known",
    "indexer/inverting/sorting.py": "the one number that an occurrence is, packed, sorted and unpacked",
    "search_app/cluster/searching.py": "the Backend over a cluster: a method for each question",
    "search_app/embedded/answering.py": "the Backend on one machine: a method for each question",
    "search_app/embedded/matching/bonuses.py": "the bonuses of one query, which share where its words stand",
    "search_app/embedded/postings/matches.py": "the arrays that matches are, and what is done with them",
    "search_app/embedded/postings/terms.py": "what a term is in the arrays: postings, places, scores",
    "search_app/engine/search.py": "all that the web may ask: a method for each question",
    "search_app/query/clauses.py": "what a clause is searched as, variant by variant",
    "search_app/results.py": "the types of what is found, declared in one place",
    "search_app/snippets/highlights.py": "where the words of a query stand in a text, node by node of its tree",
    "search_app/web/pages/parts/listing/result_list.py": "the results page, part by part",
    "search_app/web/pages/views.py": "the pages: a view for each address",
    "search_app/web/urls.py": "how every address is made and read",
}
# Functions with more parameters than those, each with its reason.
MORE_PARAMETERS = {
    "indexer/cluster/client.py": "ask: a request of HTTP, whose parts have names of their own",
    "search_app/embedded/answering.py": "__init__: all that is searched, put together in one place",
}
VAGUE = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "misc",
    "manager",
    "base",
    "core",
    "data",
    "item",
    "entry",
}
# The floor of each room, from the ground: an import goes down, or stays in its room.
FLOORS = {
    "indexer": {
        "document": 1,
        "errors": 1,
        "text": 1,
        "storage": 2,
        "reporting": 2,
        "corpus": 3,
        "history": 3,
        "own_fields": 4,
        "intake": 5,
        "inverting": 5,
        "cluster": 5,
        "build": 6,
        "commands": 7,
        "cli": 8,
        "__main__": 9,
    },
    "search_app": {
        "request": 1,
        "config": 1,
        "results": 2,
        "words": 3,
        "scoring": 3,
        "query": 4,
        "facets": 4,
        "backend": 5,
        "embedded": 6,
        "cluster": 6,
        "suggest": 7,
        "snippets": 7,
        "engine": 8,
        "web": 9,
        "__init__": 10,
        "cli": 11,
        "__main__": 12,
    },
}
# Where a library may be imported: in a room of the path, or below it.
ONLY_IN = {
    "nltk": "indexer/text/",
    "marshmallow": "search_app/web/api/schemas/",
    "flask": "search_app/web/",
    "werkzeug": "search_app/web/",
    "jinja2": "search_app/web/",
    "tokenizers": "indexer/text/meaning/",
    "onnxruntime": "indexer/text/meaning/",
    "urllib3": "indexer/cluster/",
}
# Where the web begins: `create_app`, and the server that runs it.
WEB_EDGE = {"search_app/__init__.py", "search_app/cli.py"}
MOST_ENTRIES = 12
MORE_ENTRIES = {
    # Ten rooms, the document, what can go wrong, the build with its command, and what starts that.
    "indexer": 15,
    "tests/indexer": 14,
    # Ten rooms, what they hand on (request, results), what finds (backend), the settings, the command, its start.
    "search_app": 16,
    # The contracts between the rooms, beside the rooms, and what all tests are built from.
    "tests": 27,
    # A promise each, and beside them the machinery that breaks what they are about.
    "tests/reliability": 29,
}
TEST_FOLDERS = sorted(
    path.parent for path in (ROOT / "tests").rglob("__init__.py") if "corpora" not in path.parts
)
# Modules of one name in several rooms of a package, which do the same there.
SAME_IN_EACH_ROOM = {
    "indexer": {"opening"},
    "search_app": {"views", "specs", "table"},
}
# What both paths need: the project, the files of an index, the analysis of text, what a build tells of itself, a cluster.
SHARED = {"text", "document", "errors", "storage", "reporting", "cluster"}
# Imports the engine as it would be without the package's own `create_app`; prints what came along.
ENGINE_ALONE = """
import sys, types
package = sys.modules["search_app"] = types.ModuleType("search_app")
package.__path__ = ["search_app"]
import search_app.engine.search, search_app.engine.live
print(*sorted({"flask", "nltk", "marshmallow", "tokenizers", "onnxruntime", "wordllama"} & set(sys.modules)))
"""
PLAIN = {"request", "results"}


@cache
def imports(tree):
    """Return the modules that a module imports at run time or for its types."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def importing(package):
    return {
        name for name, tree in TREES.items() if any(one.split(".")[0] == package for one in imports(tree))
    }


def below(name):
    """Return the files of a module of the read path and of all that it imports from there."""
    found, waiting = set(), {f"search_app/engine/{name}.py"}
    while waiting:
        found.add(path := waiting.pop())
        inner = {
            f"{one.replace('.', '/')}.py" for one in imports(TREES[path]) if one.startswith("search_app.")
        }
        waiting |= (inner & set(TREES)) - found
    return found


def functions(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def body_lines(function):
    body = function.body[1:] if ast.get_docstring(function) and len(function.body) > 1 else function.body
    return body[-1].end_lineno - body[0].lineno + 1


def public(tree):
    """Return the public classes and functions of a module, and the public methods of its public classes."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            found.append(node)
            if isinstance(node, ast.ClassDef):
                found += [
                    one
                    for one in node.body
                    if isinstance(one, ast.FunctionDef) and not one.name.startswith("_")
                ]
    return found


def test_the_write_path_knows_nothing_of_the_read_path():
    assert [name for name in importing("search_app") if name.startswith("indexer/")] == []


def test_the_read_path_takes_only_what_both_need():
    taken = {
        one.split(".")[1]
        for name, tree in TREES.items()
        if name.startswith("search_app/")
        for one in imports(tree)
        if one.startswith("indexer.")
    }
    assert taken <= SHARED


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_in_its_room(library):
    strays = {name for name in importing(library) if not name.startswith(ONLY_IN[library])}
    assert strays - WEB_EDGE == set()


@pytest.mark.parametrize("package", FLOORS)
def test_every_room_has_a_floor(package):
    rooms = {Path(name).with_suffix("").parts[1] for name in TREES if name.startswith(f"{package}/")}
    assert rooms - {"__init__"} == set(FLOORS[package]) - {"__init__"}


def rooms_above(name):
    """Return the rooms that a module imports from and that are not below its own."""
    package, room = Path(name).with_suffix("").parts[:2]
    floors = FLOORS[package]
    rooms = {one.split(".")[1] for one in imports(TREES[name]) if one.startswith(f"{package}.")}
    return {one for one in rooms - {room} if one in floors and floors[one] >= floors[room]}


def test_imports_only_go_down():
    assert {name: above for name in TREES if (above := rooms_above(name))} == {}


def test_only_the_server_imports_the_package_itself():
    importers = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in FLOORS
        for alias in node.names
        if alias.name not in FLOORS[node.module]
    }
    assert importers == {"search_app/cli.py"}


def test_a_folder_can_be_taken_in_at_a_glance():
    folders = {path.parent for path in MODULES} | {*TEST_FOLDERS}
    entries = {
        folder.relative_to(ROOT).as_posix(): [
            one.name
            for one in folder.iterdir()
            if (one.suffix == ".py" and one.stem != "__init__")
            or (one.is_dir() and one.name != "__pycache__")
        ]
        for folder in folders
    }
    assert {
        name: found for name, found in entries.items() if len(found) > MORE_ENTRIES.get(name, MOST_ENTRIES)
    } == {}


def test_no_exception_is_left_over():
    """A number above a dozen that nobody needs any more would let a folder grow unseen."""
    for name in MORE_ENTRIES:
        assert len([one for one in (ROOT / name).iterdir() if one.name[0] not in "_."]) > MOST_ENTRIES


@pytest.mark.parametrize("package", FLOORS)
def test_the_tests_mirror_the_rooms(package):
    mirrored = {
        folder.relative_to(ROOT / "tests").as_posix()
        for folder in TEST_FOLDERS
        if package in folder.relative_to(ROOT).parts
    }
    assert [one for one in mirrored if not (ROOT / one).is_dir()] == []


def test_no_module_repeats_its_room():
    assert [name for name in TREES if Path(name).stem == Path(name).parent.name] == []


@pytest.mark.parametrize("package", FLOORS)
def test_a_name_is_one_module_of_a_package(package):
    names = Counter(Path(name).stem for name in TREES if name.startswith(f"{package}/"))
    twice = {name for name, count in names.items() if count > 1}
    assert twice - {"__init__"} == SAME_IN_EACH_ROOM[package]


def test_marshmallow_is_imported_as_ma():
    froms = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "marshmallow"
    }
    assert froms == set()


def test_whoosh_and_marshmallow_never_meet():
    assert importing("whoosh") & importing("marshmallow") == set()


@pytest.mark.parametrize("package", ["flask", "werkzeug", "marshmallow", "jinja2"])
def test_the_engine_knows_nothing_of_the_web(package):
    engine = below("live")
    assert {
        "search_app/engine/search.py",
        "search_app/embedded/matching/evaluation.py",
        "search_app/snippets/fragments.py",
    } <= engine
    assert importing(package) & engine == set()


def test_requests_and_results_import_nothing_that_searches():
    for name in PLAIN:
        inner = {
            one.split(".")[1]
            for one in imports(TREES[f"search_app/{name}.py"])
            if one.startswith("search_app.")
        }
        assert inner <= PLAIN


def test_the_engine_runs_without_flask_nltk_and_marshmallow():
    """NLTK is paid for by the first word that no project has; Flask only by `create_app`."""
    ran = subprocess.run(
        [sys.executable, "-c", ENGINE_ALONE], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert ran.stdout.split() == []


def test_nothing_that_runs_code_when_opened_is_imported():
    for package in ("pickle", "marshal", "shelve", "dill"):
        assert importing(package) == set()


def test_no_text_is_run_as_code():
    called = {
        (name, node.func.id)
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert {one for one in called if one[1] in {"eval", "exec", "compile", "__import__"}} == set()


def test_html_is_written_by_templates_alone():
    """Marks of snippets and the JSON-LD of a project are made elsewhere; rows put escaped texts into a template's."""
    templates = (ROOT / "search_app/web/pages/templates").rglob("*.html")
    assert [path.name for path in templates if re.search(r"\|\s*safe\b|autoescape", path.read_text())] == []
    makers = {
        name
        for name, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Markup"
    }
    assert makers == {
        "search_app/web/highlighting.py",
        "search_app/web/pages/parts/project.py",
        "search_app/web/pages/rows.py",
    }


def test_no_library_is_called_past_its_interface():
    assert importing("ctypes") == set()


def test_names_say_what_a_module_is():
    assert {path.stem for path in MODULES} & VAGUE == set()


def module_lines():
    """Return how many lines each module has."""
    return {name: (ROOT / name).read_text(encoding="utf-8").count("\n") for name in TREES}


def test_a_module_is_one_idea():
    lengths = module_lines()
    assert {name: lines for name, lines in lengths.items() if lines > MOST_MODULE_LINES} == {}
    assert [name for name, lines in lengths.items() if lines > 3 and not ast.get_docstring(TREES[name])] == []


def test_a_long_module_has_its_reason():
    lengths = module_lines()
    assert {name for name, lines in lengths.items() if lines > FEWER_MODULE_LINES} == {*MORE_MODULE_LINES}


def test_functions_are_short():
    assert {
        (name, one.name): body_lines(one)
        for name, tree in TREES.items()
        for one in functions(tree)
        if body_lines(one) > MOST_BODY_LINES
    } == {}


def test_parameters_that_travel_together_are_one():
    many = {
        name: one.name
        for name, tree in TREES.items()
        for one in functions(tree)
        if len([arg for arg in one.args.args + one.args.kwonlyargs if arg.arg not in ("self", "cls")])
        > MOST_PARAMETERS
    }
    assert many == {name: reason.split(":")[0] for name, reason in MORE_PARAMETERS.items()}


def test_most_functions_are_very_short():
    lines = [body_lines(one) for tree in TREES.values() for one in functions(tree)]
    assert statistics.median(lines) <= MOST_MEDIAN_LINES


def test_every_public_name_says_what_it_is():
    assert [
        (name, node.name)
        for name, tree in TREES.items()
        for node in public(tree)
        if not ast.get_docstring(node)
    ] == []


def test_everything_is_typed():
    untyped = [
        (name, one.name)
        for name, tree in TREES.items()
        for one in functions(tree)
        if one.returns is None
        or any(
            argument.annotation is None
            for argument in one.args.args + one.args.kwonlyargs
            if argument.arg not in ("self", "cls")
        )
    ]
    assert untyped == []
