"""The reference of the API as a page, read from the OpenAPI document: it cannot say anything else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote, urlencode

Json: TypeAlias = Mapping[str, Any]

_COMPONENTS = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a value is: words, and the component that describes it further, if any."""

    words: str
    component: str | None = None


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter: its name, what it means, what it may be."""

    name: str
    meaning: str
    values: str
    default: str


@dataclass(frozen=True, slots=True)
class OperationPart:
    """An operation: what it takes, what it gives, and a live example, empty where the index has none."""

    name: str
    path: str
    summary: str
    parameters: list[ParameterRow]
    answers: list[Shape]
    example: str
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Component:
    """An object in an answer, with its fields."""

    name: str
    meaning: str
    fields: list[tuple[str, Shape]]


def operation_parts(
    spec: Json, examples: Mapping[str, Mapping[str, str]], names: Mapping[str, str]
) -> list[OperationPart]:
    """Return the operations of a document.

    `examples` has parameters to try by the name of the operation, `names` what stands in addresses: a
    project, a grantee, or neither where the index has none.
    """
    parts = []
    for path, described in spec["paths"].items():
        operation = described["get"]
        parts.append(
            OperationPart(
                name=operation["operationId"],
                path=path,
                summary=operation["summary"],
                parameters=[_parameter(one) for one in operation["parameters"]],
                answers=_shapes(operation["responses"]["200"]["content"]["application/json"]["schema"]),
                example=_example(path, examples[operation["operationId"]], names),
                fields=tuple(examples[operation["operationId"]].items()),
            )
        )
    return parts


def _example(path: str, parameters: Mapping[str, str], names: Mapping[str, str]) -> str:
    """Return an address that answers, or "" where the index has nothing of the kind that the path names."""
    for name, text in names.items():
        path = path.replace(f"{{{name}}}", quote(text, safe=""))
    if "{" in path:
        return ""
    return f"{path}?{urlencode(parameters)}" if parameters else path


def components(spec: Json) -> list[Component]:
    """Return the objects that answers are made of."""
    return [
        Component(
            name=name,
            meaning=schema["description"].replace("`", ""),
            fields=[(field, _shapes(one)[0]) for field, one in schema["properties"].items()],
        )
        for name, schema in spec["components"]["schemas"].items()
    ]


def _parameter(described: Json) -> ParameterRow:
    schema = described["schema"]
    repeatable = " (may be repeated)" if schema["type"] == "array" else ""
    return ParameterRow(
        name=described["name"],
        meaning=described.get("description", "") + repeatable,
        values=_values(schema.get("items", schema)),
        default=str(schema.get("default", "")),
    )


def _values(schema: Json) -> str:
    if "enum" in schema:
        return ", ".join(schema["enum"])
    if "minimum" in schema:
        return f"{schema['minimum']:,} to {schema['maximum']:,}"
    if schema.get("format") == "date":
        return "YYYY-MM-DD"
    if "maxLength" in schema:
        return f"text, at most {schema['maxLength']:,} characters"
    return str(schema.get("x-form", "text"))


def _shapes(schema: Json) -> list[Shape]:
    if "anyOf" in schema:
        return [shape for one in schema["anyOf"] for shape in _shapes(one)]
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(_COMPONENTS)
        return [Shape(name, name)]
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if types == ["array"]:
        inner = _shapes(schema["items"])[0]
        return [Shape(f"list of {inner.words}", inner.component)]
    words = [schema.get("format", one) if one == "string" else one for one in types]
    return [Shape(" or ".join(words))]
