"""Files made to take as long as their format can: for each a way to make one of any size, in bytes."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import count, takewhile

Make = Callable[[int], bytes]

MEGABYTE = 1 << 20


def repeated(unit: str, head: str = "", tail: str = "") -> Make:
    """Return what makes a file of a unit, again and again."""
    return lambda size: (head + unit * (size // len(unit.encode())) + tail).encode()


def lines(line: Callable[[int], str], head: str = "") -> Make:
    """Return what makes a file of lines, each with its number in it."""

    def make(size: int) -> bytes:
        written = [head]
        left = size
        for text in takewhile(lambda _: left > 0, map(line, count())):
            written.append(text)
            left -= len(text)
        return "".join(written).encode("utf-8", "surrogatepass")

    return make


def _record(**values: object) -> str:
    return json.dumps(values) + "\n"


LONG = "x" * 200_000
ROW = "<div class=row><b>T</b>01/01/2020 - 01/01/2021"
HEAD = "title,start date,end date,grantee\n"

WORST: dict[str, tuple[str, Make]] = {
    "csv: each line opens a quote": (".csv", repeated('a","b\n', HEAD)),
    "csv: one quote is never closed": (".csv", repeated("a,b,c,d\n", HEAD + '"')),
    "csv: quotes in the headings": (".csv", repeated('","title\n')),
    "csv: doubled quotes": (".csv", repeated('""', HEAD + '"')),
    "csv: one line": (".csv", repeated("a,", HEAD)),
    "csv: 501 columns": (".csv", repeated("a," * 500 + "b\n", "title," * 500 + "x\n")),
    "csv: long dates": (".csv", repeated("T," + "0" * 200_000 + ",,\n", HEAD)),
    "csv: dates of blanks": (".csv", repeated('T,"' + "1/" * 50_000 + " " * 100_000 + '",,\n', HEAD)),
    "csv: tags in cells": (".csv", repeated("T" + "<script>" * 20_000 + ",,,\n", HEAD)),
    "csv: open tags in cells": (".csv", repeated("T" + "<a b=c " * 20_000 + ",,,\n", HEAD)),
    "csv: comments in cells": (".csv", repeated("T" + "<!--" * 40_000 + ",,,\n", HEAD)),
    "csv: raised texts in cells": (".csv", repeated("T" + "x" * 99_000 + "<sup>" * 9_000 + ",,,\n", HEAD)),
    "csv: entities in cells": (".csv", repeated("T" + "&#1" * 40_000 + "&amp;" * 9_000 + ",,,\n", HEAD)),
    "csv: lines in cells": (".csv", repeated('T,,,,"' + "a.\n" * 60_000 + '"\n', HEAD.strip() + ",description\n")),
    "csv: bytes of no encoding": (".csv", lambda size: b"title\n" + bytes(range(128, 256)) * (size // 128)),
    "csv: bad lines": (".csv", lambda size: "title\né\n".encode() + "ééé é\n".encode() * (size // 11) + b"\xe9\n" * 9),
    "tsv: marks only": (".tsv", repeated("\t\n", "title\tid\n")),
    "txt: marks": (".txt", repeated("|\n")),
    "txt: titles": (".txt", repeated("T01/01/2020 - 01/01/2021 ")),
    "txt: titles on lines": (".txt", repeated("a\nT01/01/2020 - 01/01/2021\n", "Results\n")),
    "txt: half dates": (".txt", repeated("01/01/2020 - ")),
    "txt: introductions": (".txt", repeated("Intro\nResults\n")),
    "txt: blanks": (".txt", repeated(" \n")),
    "txt: regions": (".txt", repeated("T\n$1 Peru, Mexico and Chile V 01/01/2020 01/01/2021\n")),
    "txt: amounts": (".txt", repeated("$1 " + "Peru, " * 500 + "\n", "", "$1 Peru V 01/01/2020 01/01/2021\n")),
    "txt: labels": (".txt", repeated("Grantee:\n", "T\nProject Duration: 2020 - 2021\n")),
    "html: nested spans": (".html", repeated("<span>", "<html>")),
    "html: closed spans": (".html", repeated("<span>" * 150 + ROW + "</div>" + "</span>" * 150, "<html>")),
    "html: rows in rows": (".html", repeated(ROW * 90 + "</div>" * 90, "<html>")),
    "html: open tags": (".html", repeated("<a ", "<html>")),
    "html: open comments": (".html", repeated("<!-- ", "<html>")),
    "html: scripts": (".html", repeated("<script>", "<html>", "</script x")),
    "html: wide cells": (".html", repeated("<td colspan=100 rowspan=100>x</td>", "<table><tr><th>Title</th><th>Start</th></tr><tr>")),
    "html: tables in tables": (".html", repeated("<table><tr><td>" * 60 + "</td></tr></table>" * 60, "<html>")),
    "html: dates in one block": (".html", repeated("<i>01/01/2020 - 01/01/2021</i>", "<html><div>")),
    "html: headings": (".html", repeated("<h1>x</h1>", "<html><p>Project Duration</p>")),
    "jsonl: depth": (".jsonl", repeated('{"title": ' + "[" * 100_000 + "\n")),
    "jsonl: 1 MB dates": (".jsonl", lines(lambda _: _record(title="T", start_date="0" * 900_000))),
    "jsonl: dates of blanks": (".jsonl", lines(lambda _: _record(title="T", period="1 -" + " " * 900_000))),
    "jsonl: many names": (".jsonl", lines(lambda n: _record(title="T", **{f"n{n}-{i}": "" for i in range(20_000)}))),
    "jsonl: other names": (".jsonl", lines(lambda n: _record(**{f"c{n}-{i}": "" for i in range(400)}, title="T"))),
    "jsonl: halves of characters": (".jsonl", lines(lambda n: f'{{"title": "T", "id": "{n}", "start_date": "\\ud800"}}\n')),
    "jsonl: long numbers": (".jsonl", repeated('{"title": "T", "end": ' + "9" * 200_000 + "}\n")),
    "jsonl: rejections of a megabyte": (".jsonl", lines(lambda _: '{"title": {}, "description": "' + LONG * 4 + '"}\n')),
    "jsonl: one line": (".jsonl", repeated('{"title": "T"} ')),
    "json: depth": (".json", repeated("[")),
    "json: objects in objects": (".json", repeated('{"a":')),
    "json: many names": (".json", lambda size: json.dumps([{f"n{i}": "x" for i in range(size // 14)}]).encode()),
    "json: nested records": (".json", repeated('{"title":"T","a":{"b":{"c":[{"d":1}]}}},', "[", '{"title":"T"}]')),
    "xml: depth": (".xml", repeated("<a>")),
    "xml: open tags": (".xml", repeated("<a ", "<x>")),
    "xml: attributes": (".xml", lambda size: ("<a " + " ".join(f"b{i}='c'" for i in range(size // 10)) + "/>").encode()),
    "xml: entities": (".xml", repeated("&b;", "<!DOCTYPE a [<!ENTITY b 'cccccccc'>]><a>", "</a>")),
}  # fmt: skip
