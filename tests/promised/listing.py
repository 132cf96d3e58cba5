"""List what programs, scripts and bookmarks can rely on: `python -m tests.promised.listing` adds what is new.

A line is a promise. Nothing is ever taken out of `list.txt` before version 2: see docs/promises.md.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import click

from indexer.cli import main as reindex
from indexer.corpus.fields.said import PROJECT_FIELDS
from indexer.corpus.files.settings_names import ALIASES_FILE, FIELDS_FILE, WORDS_FILE
from indexer.corpus.files.sources import KINDS, PACKED
from indexer.own_fields.configuration import _KEYS, DECIMALS
from indexer.reporting.report import Report
from indexer.storage.history.journal import MAGIC
from indexer.storage.own_fields import FIELD_TYPES
from search_app import create_app
from search_app.cli import main as search_app
from search_app.config import CHOICES, SETTINGS
from search_app.web.api.openapi import document
from search_app.web.exports.columns import STANDARD_COLUMNS
from search_app.web.problems import PROBLEMS
from tests.asking import CONTRACT

LIST = Path(__file__).parent / "list.txt"
# Each is promised as far as a program can act on it; the words of titles and descriptions may change.
TYPES = ("type", "format")


def promised() -> list[str]:
    """Return the promises as they were last written down."""
    return LIST.read_text(encoding="utf-8").splitlines()


def present() -> list[str]:
    """Return what this code offers, a line for each thing, in the order of the alphabet."""
    return sorted({*api(), *addresses(), *settings(), *commands(), *files()})


def api() -> Iterator[str]:
    """Yield the operations of the API, their parameters, and the fields of what they answer."""
    described = document(CONTRACT, "")
    schemas = described["components"]["schemas"]
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            name = f"api {method.upper()} {path}"
            yield name
            for parameter in operation.get("parameters", ()):
                yield f"{name} ? {parameter['name']}"
                yield from (f"{name} ? {parameter['name']}={one}" for one in choices(parameter["schema"]))
            for status, answer in operation["responses"].items():
                yield f"{name} {status}"
                # An error is one thing everywhere.
                whose = name if status == "200" else "api error"
                for content in answer.get("content", {}).values():
                    yield from (f"{whose} {field}" for field in fields(content["schema"], schemas))
    yield from (f"problem {one.slug} {one.status}" for one in PROBLEMS)


def choices(schema: dict) -> list[str]:
    """Return the values that a parameter can have, if they are a few."""
    return [str(one) for one in schema.get("enum", schema.get("items", {}).get("enum", ()))]


def fields(schema: dict, schemas: dict, path: str = "") -> Iterator[str]:
    """Yield the path and type of each field that an answer has: `results[].start_date string|null date`."""
    while "$ref" in schema:
        schema = schemas[schema["$ref"].rpartition("/")[2]]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ()), *schema.get("allOf", ())):
        yield from fields(one, schemas, path)
    if path and "type" in schema:
        yield f"{path} {' '.join(spelled(schema[name]) for name in TYPES if name in schema)}"
    for name, one in schema.get("properties", {}).items():
        yield from fields(one, schemas, f"{path}.{name}".lstrip("."))
    if "items" in schema:
        yield from fields(schema["items"], schemas, f"{path}[]")


def spelled(kind: str | list[str]) -> str:
    """Return a type of JSON schema in a word."""
    return kind if isinstance(kind, str) else "|".join(sorted(kind))


def addresses() -> Iterator[str]:
    """Yield the addresses of pages, files and feeds."""
    app = create_app({"SEARCH_LOG_FORMAT": "none"})
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(("/api/v1/", "/static/")) or rule.rule.endswith("openapi.json"):
            yield f"address {rule.rule}"


def settings() -> Iterator[str]:
    """Yield the settings, what each is when nothing is said, and their words."""
    for one in SETTINGS:
        yield f"setting {one.name}"
        yield f"setting {one.name} default {one.shown_default or '(empty)'}"
        yield from (f"setting {one.name}={choice}" for choice in CHOICES.get(one.key, ()))


def commands() -> Iterator[str]:
    """Yield the commands, their options and arguments, and the exit codes."""
    whole = {"reindex": reindex, "search-app": search_app}
    whole |= {f"reindex {name}": command for name, command in reindex.commands.items()}
    for name, command in whole.items():
        yield f"command {name}"
        for one in command.params:
            shown = one.opts if isinstance(one, click.Option) else [one.human_readable_name]
            yield from (f"command {name} {option}" for option in shown)
            if one.envvar:
                yield f"command {name} {shown[0]} {one.envvar}"
    for name, command in (("reindex", reindex), ("search-app", search_app)):
        for code in (command.epilog or "").splitlines():
            if code.strip()[:1].isdigit():
                yield f"exit {name} {code.split()[0]}"


def files() -> Iterator[str]:
    """Yield what files of a corpus are called, and how what is written is laid out."""
    yield from (f"corpus {suffix}" for suffix in (*KINDS, PACKED, ALIASES_FILE, WORDS_FILE, FIELDS_FILE))
    yield from (f"fields.toml {key} {kind.__name__}" for key, kind in _KEYS.items())
    yield from (f"fields.toml type={name}" for name in (*FIELD_TYPES, "none"))
    yield from (f"fields.toml decimals={name}" for name in DECIMALS)
    yield from (f"fields.toml columns {key}" for key in PROJECT_FIELDS)
    yield from (f"column {name}" for name in STANDARD_COLUMNS)
    yield from (f"report {field.name}" for field in dataclasses.fields(Report))
    yield f"history {MAGIC.decode().strip()}"


if __name__ == "__main__":
    LIST.write_text("\n".join(sorted({*promised(), *present()})) + "\n", encoding="utf-8")
