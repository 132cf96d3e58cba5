"""SETTINGS: what can be set, its default and its meaning; each is an environment variable SEARCH_…."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Annotated, Self, cast, get_type_hints

PREFIX = "SEARCH_"
LOG_FORMATS = ("text", "json", "none")
# What holds the index: arrays on this machine, or an OpenSearch cluster.
BACKENDS = ("embedded", "opensearch")
# Settings that are one of a few words.
CHOICES = {"log_format": LOG_FORMATS, "backend": BACKENDS}
# Numbers of which none would leave nothing to answer with; of the others, 0 is fewest.
LEAST = {
    "port": 1, "workers": 1, "max_query_length": 1, "max_per_page": 1,
    "max_file_mb": 1, "max_run_mb": 16, "max_stall_seconds": 1,
}  # fmt: skip
# Beyond 65535 a system counts a port from 0 again, and listens where nobody asks.
# The others are what `reindex` takes.
MOST = {
    "port": 65535, "max_file_mb": 1024, "max_run_mb": 1 << 20, "max_stall_seconds": 3600,
    "keep_changes_days": 36_500,
}  # fmt: skip
# What else an error says of the texts that fit.
FITTING = {
    "public_url": "; https:// or http:// and a host, without a user or a password",
    "trusted_hosts": "; names such as grants.example.org, with a dot before it for all below it",
}
# What links can be made of: a scheme, a host, and perhaps a port and a path. A user and a password would be
# told to everybody.
_PUBLIC_URL = re.compile(
    r"https?://(?:\[[\da-f:.]+\]|[^\s/?#@:\[\]\\<>\"]+)(?::\d{1,5})?(?:/[^\s?#]*)?", re.IGNORECASE
)

# A name that a request can be for: one that is written otherwise, such as an address, would never be met.
_HOST_NAME = re.compile(r"\.?[^\s./:*@,\[\]][^\s/:*@,\[\]]*(?::\d+)?")

SettingValue = Path | str | int | bool | tuple[str, ...]


class ConfigError(ValueError):
    """A setting has a value that cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of a service, typed; the note beside each is its meaning."""

    index_dir: Annotated[Path, "folder of the index: `reindex` writes it, the server reads it"] = Path(
        "index"
    )
    backend: Annotated[str, "what holds the index: embedded (its folder here) or opensearch (a cluster)"] = (
        "embedded"
    )
    cluster_url: Annotated[
        tuple[str, ...],
        "addresses of the nodes of the cluster, separated by commas; `reindex` publishes there",
    ] = ()
    cluster_name: Annotated[
        str, "name of the index in the cluster: an alias, and the beginning of others"
    ] = "projects"
    cluster_user: Annotated[str, "user of the cluster; empty is none"] = ""
    cluster_password: Annotated[str, "password of that user; set it in the environment alone"] = ""
    cluster_ca_file: Annotated[str, "file with the certificates that are trusted; empty is the system's"] = ""
    cluster_certificate: Annotated[str, "file with a certificate to show to the cluster, and its key"] = ""
    corpus_dir: Annotated[Path, "folder that `reindex` reads; the server never does"] = Path("corpus")
    max_file_mb: Annotated[
        int,
        "megabytes of a file for `reindex`; four times that for .jsonl .csv .json .xml, an eighth for .html",
    ] = 64
    max_run_mb: Annotated[
        int, "megabytes of memory for the projects of one `reindex`, however many files they are from"
    ] = 1024
    max_stall_seconds: Annotated[
        int,
        "processor time for slow records in all files of a run; each has 2 s, and 3 s a MB, beside that",
    ] = 30
    keep_changes_days: Annotated[
        int, "days to keep each addition, change and removal; when a project was first seen is kept for good"
    ] = 365
    meaning: Annotated[
        str, "model of what projects mean, for both: wordllama, or a folder; empty is search by words alone"
    ] = ""
    host: Annotated[str, "address to listen on; 0.0.0.0 is every interface"] = "127.0.0.1"
    port: Annotated[int, "port to listen on"] = 8000
    workers: Annotated[int, "processes that answer; one for each core is right"] = 2
    site_name: Annotated[str, "name of the service in titles, feeds and citations"] = "Grant project search"
    public_url: Annotated[str, "address by which people know the service, for citations, feeds and files"] = (
        ""
    )
    trusted_hosts: Annotated[
        tuple[str, ...], "host names that are answered, separated by commas; empty is any"
    ] = ()
    proxies: Annotated[int, "proxies in front whose X-Forwarded headers are believed"] = 0
    max_query_length: Annotated[int, "characters a query may have; a longer one is answered 413"] = 512
    max_per_page: Annotated[int, "hits a page may have"] = 100
    rate_limit: Annotated[int, "requests a client may make a minute, per worker; 0 is any number"] = 0
    cache_mb: Annotated[int, "megabytes of finished answers that each worker keeps; 0 keeps none"] = 32
    log_format: Annotated[str, "a line per request on standard error: text, json or none"] = "text"
    log_queries: Annotated[bool, "1 also logs what was searched for"] = False

    @classmethod
    def load(
        cls, config: Mapping[str, object] | None = None, environ: Mapping[str, str] | None = None
    ) -> Self:
        """Return the settings from `config`, else from the environment, else the defaults.

        An empty variable is not set, as for `reindex`. Raise ConfigError for a value that does not fit.
        """
        variables = os.environ if environ is None else environ
        sources = {**{name: text for name, text in variables.items() if text}, **(config or {})}
        given = {one.key: one.read(sources[one.name]) for one in SETTINGS if one.name in sources}
        # `read` has given each value the type of its default.
        return cls(**given)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table: a field of Settings, its default and its meaning."""

    key: str
    default: SettingValue
    help: str

    @property
    def name(self) -> str:
        """The environment variable."""
        return PREFIX + self.key.upper()

    @property
    def shown_default(self) -> str:
        """The default as it would be typed."""
        if isinstance(self.default, tuple):
            return ",".join(self.default)
        return str(int(self.default)) if isinstance(self.default, bool) else str(self.default)

    def read(self, value: object) -> SettingValue:
        """Return `value` in the type of the default; raise ConfigError when it does not fit."""
        try:
            return self._typed(str(value)) if isinstance(value, str | os.PathLike) else self._checked(value)
        except ValueError:
            raise ConfigError(f"{self.name} cannot be {str(value)!r}: {self.help}{self._bounds}.") from None

    @property
    def _bounds(self) -> str:
        """What else an error says of the values that fit."""
        match self.default:
            case bool():
                return "; 1 or 0"
            case int():
                least, most = LEAST.get(self.key, 0), MOST.get(self.key)
                return f"; a whole number, {least} {f'to {most}' if most else 'or more'}"
        return FITTING.get(self.key, "")

    def _typed(self, text: str) -> SettingValue:
        match self.default:
            case bool():
                return ("0", "1").index(text) == 1
            case int():
                return self._checked(int(text))
            case Path():
                return Path(text)
            case tuple():
                return self._checked(tuple(part.strip() for part in text.split(",") if part.strip()))
        if text not in CHOICES.get(self.key, (text,)):
            raise ValueError(text)
        if self.key == "host":
            # As an address with a port has to write it.
            return re.sub(r"^\[(.+)\]$", r"\1", text)
        if self.key == "public_url" and text and not _PUBLIC_URL.fullmatch(text):
            raise ValueError(text)
        return text

    def _checked(self, value: object) -> SettingValue:
        if not isinstance(value, type(self.default)):
            raise ValueError(value)
        if isinstance(value, int) and not LEAST.get(self.key, 0) <= value <= MOST.get(self.key, value):
            raise ValueError(value)
        if self.key == "trusted_hosts" and isinstance(value, tuple):
            return tuple(map(_host_name, value))
        return value


def _host_name(text: str) -> str:
    """Return a host name as requests give it, in small ASCII letters; raise ValueError for what is none."""
    if not _HOST_NAME.fullmatch(text):
        raise ValueError(text)
    dot = "." * text.startswith(".")
    return dot + text.removeprefix(".").encode("idna").decode("ascii").lower()


def _settings() -> tuple[Setting, ...]:
    notes = get_type_hints(Settings, include_extras=True)
    return tuple(
        Setting(one.name, cast("SettingValue", one.default), notes[one.name].__metadata__[0])
        for one in fields(Settings)
    )


SETTINGS: tuple[Setting, ...] = _settings()


def settings_table() -> str:
    """Return the settings as text: name, default, meaning."""
    rows = [(one.name, one.shown_default or "(empty)", one.help) for one in SETTINGS]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    return "\n".join(
        f"{name:{widths[0]}}  {default:{widths[1]}}  {meaning}" for name, default, meaning in rows
    )
