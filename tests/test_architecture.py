"""The house rules that can be checked: who imports whom, sizes, names, and what is said of them."""

import ast
import statistics
import subprocess
import sys

import pytest

from tests.documents import ROOT

MODULES = sorted(path for name in ("indexer", "search_app") for path in (ROOT / name).rglob("*.py"))
TREES = {path.relative_to(ROOT).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}

MOST_MODULE_LINES, MOST_BODY_LINES, MOST_MEDIAN_LINES = 300, 40, 8
# Whoosh's codec interface is wide: many methods of a line each.
LONGER = {"indexer/codec.py": 340}
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
# What both paths need: the model, the files, what counts a score, and what a build tells of itself.
SHARED = {"analysis", "document", "errors", "generation", "impacts", "report", "schema", "segment"}
# Imports the engine as it would be without the package's own `create_app`; prints what came along.
ENGINE_ALONE = """
import sys, types
package = sys.modules["search_app"] = types.ModuleType("search_app")
package.__path__ = ["search_app"]
import search_app.engine, search_app.live
print(*sorted({"flask", "nltk", "marshmallow"} & set(sys.modules)))
"""
PLAIN = {"request", "results"}


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
    found, waiting = set(), {f"search_app/{name}.py"}
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


def test_nltk_is_imported_by_the_analysis_only():
    assert importing("nltk") == {"indexer/analysis.py"}


def test_marshmallow_is_imported_by_the_schemas_only_and_as_ma():
    assert {name for name in importing("marshmallow") if "search_app/schemas" not in name} == set()
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
    assert {"search_app/engine.py", "search_app/matching.py", "search_app/snippets.py"} <= engine
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


def test_names_say_what_a_module_is():
    assert {path.stem for path in MODULES} & VAGUE == set()


@pytest.mark.parametrize("name", TREES)
def test_a_module_is_one_idea(name):
    lines = (ROOT / name).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGER.get(name, MOST_MODULE_LINES)
    assert lines <= 3 or ast.get_docstring(TREES[name])


@pytest.mark.parametrize("name", TREES)
def test_functions_are_short(name):
    assert {
        one.name: body_lines(one) for one in functions(TREES[name]) if body_lines(one) > MOST_BODY_LINES
    } == {}


def test_most_functions_are_very_short():
    lines = [body_lines(one) for tree in TREES.values() for one in functions(tree)]
    assert statistics.median(lines) <= MOST_MEDIAN_LINES


@pytest.mark.parametrize("name", TREES)
def test_every_public_name_says_what_it_is(name):
    assert [node.name for node in public(TREES[name]) if not ast.get_docstring(node)] == []


@pytest.mark.parametrize("name", TREES)
def test_everything_is_typed(name):
    untyped = [
        one.name
        for one in functions(TREES[name])
        if one.returns is None
        or any(
            argument.annotation is None
            for argument in one.args.args + one.args.kwonlyargs
            if argument.arg not in ("self", "cls")
        )
    ]
    assert untyped == []
