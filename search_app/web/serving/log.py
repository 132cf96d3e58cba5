"""A line per request on standard error: for people (`text`) or for programs (`json`)."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import parse_qs

from indexer.reporting import streams
from indexer.storage.days import now, timestamp
from indexer.text.visible import visible

# What would end a value, or look like the beginning of one that is quoted.
_TO_QUOTE = frozenset(' "\\=')


@dataclass(frozen=True, slots=True)
class RequestLine:
    """What is known of a request when it has been answered."""

    request_id: str
    method: str
    route: str
    status: int
    ms: float
    hits: int | None
    generation: str | None
    query_string: str

    def values(self, *, with_query: bool) -> dict[str, object]:
        """Return what is logged, by name; the words that were searched only when asked for."""
        values: dict[str, object] = {
            "id": self.request_id,
            "method": self.method,
            "route": self.route,
            "status": self.status,
            "ms": round(self.ms, 2),
        }
        if self.hits is not None:
            values["hits"] = self.hits
        if self.generation is not None:
            values["generation"] = self.generation
        if with_query:
            values["q"] = parse_qs(self.query_string).get("q", [""])[0]
        return values


def request_logger(log_format: str, *, with_query: bool) -> Callable[[RequestLine], None] | None:
    """Return what writes a line in the format of the setting; None where nothing is logged."""
    if log_format == "none":
        return None
    written = _as_json if log_format == "json" else _as_text

    def _log(line: RequestLine) -> None:
        time = timestamp(now(), "milliseconds")
        # One write for the whole line keeps the lines of several threads apart.
        sys.stderr.write(written({"time": time, **line.values(with_query=with_query)}) + "\n")

    return _log


class _Visible(logging.Formatter):
    """Formats a message, and the traceback that comes with it, without what a terminal would obey."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the lines of a record."""
        return visible(super().format(record), lines=True)


class Json(logging.Formatter):
    """Formats a message, and the traceback that comes with it, as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record."""
        return told_as_json(super().format(record), record.levelname.lower())


def told_as_json(message: str, level: str = "info") -> str:
    """Return a line of JSON for what is told besides requests."""
    return _as_json({"time": timestamp(now(), "milliseconds"), "level": level, "message": message})


def of_server(log_format: str) -> dict[str, object] | None:
    """Return how Granian writes its own lines, as `logging.config` reads it; None for its own way."""
    if log_format != "json":
        return None
    return {"formatters": {name: {"()": Json} for name in ("generic", "access")}}


def log_visibly(log_format: str) -> None:
    """Write what goes wrong to standard error; whoever has set up logging has it his own way.

    A log that cannot be written, for its disk is full or its reader gone, fails no request.
    """
    streams.settle()
    logger = logging.getLogger("search_app")
    if not logger.hasHandlers():
        handler = logging.StreamHandler()
        handler.setFormatter(Json() if log_format == "json" else _Visible())
        logger.addHandler(handler)


def _as_json(values: dict[str, object]) -> str:
    # In JSON an escape is the character itself, to whoever reads it as JSON.
    return json.dumps(values, separators=(",", ":"))


def _as_text(values: dict[str, object]) -> str:
    # Values of the client's making are quoted as JSON, so that none can look like another line.
    return " ".join(
        f"{name}={_quoted(value)}" if name != "time" else str(value) for name, value in values.items()
    )


def _quoted(value: object) -> str:
    text = str(value)
    plain = text.isascii() and text.isprintable() and _TO_QUOTE.isdisjoint(text)
    return text if plain else visible(json.dumps(text, ensure_ascii=False))
