"""What an element of XML says, as parts with names: its elements, its attributes, and those of what it holds.

<grant id="1"><title>Clean water</title><period start="2020-01-01"/></grant>
-> {"title": "Clean water", "period.start": "2020-01-01", "id": "1"}

Office programs write what XML forbids in names as numbers, `Start_x0020_Date`; SharePoint puts `ows_` before
the names of a list, and `3;#` before what another list holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from xml.etree.ElementTree import Element

from indexer.corpus.fields import field_of
from indexer.corpus.fields.composed import speaks_of
from indexer.corpus.formats.trees.flattening import flattened

# Elements that say in an attribute whose value they hold: <field name="title">, as databases and Solr write.
_NAMED_BY_ATTRIBUTE = frozenset(
    "field column col cell property attribute value item data binding str int long float double date bool"
    " arr".split()
)
# Elements that say what the columns of others are: schemas, the variables of a query, FileMaker's fields.
_DESCRIBING = frozenset(["Schema", "schema", "variable", "METADATA"])
_ENCODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SHAREPOINT = "ows_"
# "3;#Verite" or ";#Health;#Water;#": what another list holds, with its number, or several choices.
_LOOKED_UP = re.compile(r"(?:^|;#)\d+;#|^(?:string|float|datetime|boolean|error);#|;#", re.ASCII)
_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# An answer to SPARQL has a term inside: <binding name="title"><literal>.
_BINDING = "binding"


def plain_name(name: str) -> str:
    """Return a name of XML without its namespace, as it was meant: "Start_x0020_Date" -> "Start Date"."""
    name = name.rpartition("}")[2]
    return _ENCODED.sub(lambda match: chr(int(match[1], 16)), name) if "_x" in name else name


def describes_columns(path: Sequence[str]) -> bool:
    """Return whether an element at a path tells of the columns of others, as a schema does."""
    return not _DESCRIBING.isdisjoint(path)


def own_columns(element: Element) -> dict[str, object]:
    """Return the columns of an element without parts that it has several of: these may be records.

    What is nested too deeply for a record has none.
    """
    tree = _record(element)
    with suppress(ValueError):
        return flattened({name: None if len(parts) > 1 else parts for name, parts in tree.items()})
    return {}


def columns_of(element: Element) -> dict[str, object]:
    """Return the texts of an element by the paths to them."""
    return flattened(_record(element))


def _record(element: Element) -> dict[str, list[object]]:
    """Return the parts of a record; what linked data are about, or an id of a namespace, may be its id."""
    tree = _tree(element)
    own = element.get(_ABOUT) or next(
        (element.attrib[name] for name in element.attrib if name.endswith("}id")), ""
    )
    if own and not any(field_of(name)[1] == "id" for name in tree):
        tree["identifier"] = [own]
    return tree


def _tree(element: Element) -> dict[str, list[object]]:
    """Return the parts of an element; its attributes are parts too, where it has none of their names."""
    tree: dict[str, list[object]] = {}
    names = names_of_parts(element)
    for child, name in zip(element, names, strict=True):
        tree.setdefault(name, []).append(_part(child))
        if (currency := child.get("currency")) and [currency] != tree.get("currency"):
            tree.setdefault("currency", []).append(currency)
    for name, value in element.items():
        if not name.startswith("{") and not (name == "name" and element.tag in _NAMED_BY_ATTRIBUTE):
            tree.setdefault(*_attribute(name, value.strip()))
    return tree


def names_of_parts(element: Element) -> list[str]:
    """Return what the elements in one are called; of one thing told in several languages each has its own.

    <summary xml:lang="ja"/><summary xml:lang="en"/> -> "summary (ja)", "summary": English, or else the first.
    """
    names = [*map(_name, element)]
    told: dict[str, list[str]] = {}
    for name, child in zip(names, element, strict=True):
        if len(child):
            told.setdefault(name, []).append(child.get(_LANGUAGE, ""))
    plain = {
        name: next((one for one in languages if one.startswith("en")), languages[0])
        for name, languages in told.items()
        if len(languages) > 1 and all(languages) and len({*languages}) == len(languages)
    }
    languages = [child.get(_LANGUAGE, "") for child in element]
    return [
        f"{name} ({language})" if language and plain.get(name, language) != language else name
        for name, language in zip(names, languages, strict=True)
    ]


def _name(child: Element) -> str:
    """Return what an element is a part as: a date by what it is the date of, <date type="start">."""
    if child.tag in _NAMED_BY_ATTRIBUTE and (name := child.get("name")):
        return name
    kind = child.get("type") or child.get("dateType") or ""
    if kind and speaks_of(child.tag) == {"day"}:
        return f"{child.tag}.{kind}"
    # One body among others may say that it is the one that receives: <organization type="coordinator">.
    role = child.get("role") or kind
    if role and "grantee" in speaks_of(child.tag) and field_of(role)[1] == "grantee":
        return f"{child.tag}.{role}"
    return child.tag


def _part(child: Element) -> object:
    text = (child.text or "").strip()
    if child.tag == _BINDING:
        return " ".join("".join(child.itertext()).split())
    if len(child) or (not text and _says_in_attributes(child)):
        return _tree(child)
    return text


def _says_in_attributes(child: Element) -> bool:
    return child.tag not in _NAMED_BY_ATTRIBUTE and any(not name.startswith("{") for name in child.attrib)


def _attribute(name: str, value: str) -> tuple[str, list[object]]:
    """Return the name and the parts of an attribute."""
    if not name.startswith(_SHAREPOINT):
        return plain_name(name), [value]
    name = plain_name(name.removeprefix(_SHAREPOINT))
    parts = _LOOKED_UP.sub("\n", value).split("\n") if ";#" in value else [value]
    return name, [part for part in parts if part]
