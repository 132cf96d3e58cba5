"""What is promised for each failure, and which tests hold it; the rows of docs/reliability.md."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

HERE = "tests/reliability"
OF_WEB = "tests/search_app/web"
OF_NODES = "tests/search_app/cluster/test_lost_nodes.py"


@dataclass(frozen=True, slots=True)
class Promise:
    """A failure and what is promised for it; `tests` are patterns of the node ids that hold it.

    `long` tells whether there is more to try than the suite does each time; `short` is what the suite asserts,
    where that is less than the promise, for a machine that does other things as well.
    """

    name: str
    failure: str
    promise: str
    tests: tuple[str, ...]
    long: bool = True
    short: str = ""

    def is_held_by(self, node: str) -> bool:
        """Tell whether a test, by its node id, belongs to this promise."""
        return any(fnmatchcase(node, f"{pattern}*") for pattern in self.tests)


PROMISES = (
    Promise(
        "R1",
        "`kill -9` during `reindex`",
        "the old index or the new one, whole; the next run repairs",
        (f"{HERE}/test_kills.py::test_a_killed", f"{HERE}/test_kills.py::test_workers"),
    ),
    Promise(
        "R2",
        "SIGTERM, Ctrl-C during `reindex`",
        "the old index stays, or the new one where it was published already; exit 143 or 130, nothing is left behind",
        (f"{HERE}/test_kills.py::test_a_stopped",),
    ),
    Promise(
        "R3",
        "full disk during `reindex`",
        "old or new; exit 74 exactly on failure; nothing is left behind",
        (f"{HERE}/test_disk.py::test_a_full", f"{HERE}/test_disk.py::test_a_small"),
        long=False,
    ),
    Promise(
        "R4",
        "the Nth file call fails (open, write, fsync, replace …)",
        "old or new; exit 74 exactly on failure; nothing is left behind",
        (
            f"{HERE}/test_disk.py::test_any_file_call",
            f"{HERE}/test_disk.py::test_what_the_disk",
            f"{HERE}/test_disk.py::test_one_that_the_disk",
        ),
    ),
    Promise(
        "R5",
        "two, eight `reindex` at once",
        "one wins, the others exit 75 within a second",
        (f"{HERE}/test_writers.py::test_one_of",),
        short="one wins, the others exit 75 within half a minute",
    ),
    Promise(
        "R6",
        "readers during reindexes",
        "no error, no mix of generations, the new one visible within 2 s",
        (f"{HERE}/test_readers.py::test_readers",),
        short="no error, no mix; the new one visible within 8 s",
    ),
    Promise(
        "R7",
        "a damaged file: bit flip, cut, zeros, empty, gone",
        "refused naming the file; the server keeps the old generation",
        (f"{HERE}/test_damage.py::test_damage", f"{HERE}/test_damage.py::test_a_cold"),
    ),
    Promise(
        "R8",
        "a worker killed",
        "others answer, it is replaced within 5 s; the connection that it answers on is all that is lost",
        (f"{HERE}/test_readers.py::test_a_killed", f"{OF_WEB}/serving/test_listening.py"),
        short="others answer, it is replaced within 20 s",
    ),
    Promise(
        "R9",
        "an index folder from a stranger",
        "data only: no pickle, no code runs, no way out of the folder",
        (f"{HERE}/test_damage.py::test_a_foreign",),
        long=False,
    ),
    Promise(
        "R10",
        "read-only index, unreadable or missing corpus, as an ordinary user",
        "a one-line message, the documented exit code; serving works from a read-only folder",
        (f"{HERE}/test_places.py",),
        long=False,
    ),
    Promise(
        "R11",
        "an index of an older format",
        "“reindex needed”, exit 65, in the log and to programs; the page says when to come back",
        (f"{HERE}/test_damage.py::test_an_older", f"{HERE}/test_damage.py::test_an_index_of_which"),
        long=False,
    ),
    Promise(
        "R12",
        "a corpus that suddenly lost most of its projects",
        "refused, exit 76, unless `--allow-shrink`",
        (f"{HERE}/test_writers.py::test_a_shrunken",),
        long=False,
    ),
    Promise(
        "R13",
        "standard output or standard error closed, full, or read by nobody any more",
        "what is done is done; a report that cannot be written says so, exit 74; a log that cannot be fails no "
        "request",
        ("tests/indexer/reporting/test_streams.py",),
        long=False,
    ),
    Promise(
        "R14",
        "a power cut during `reindex`",
        "what the pointer names is on the disk before the pointer is, and so is its history; then the pointer itself",
        (f"{HERE}/test_disk.py::test_a_power_cut",),
        long=False,
    ),
    Promise(
        "C1",
        "hostile corpus: pipes, devices, loops, links out, endless lines, odd encodings, vanishing files",
        "each skip counted with its reason; memory below 1 GB; never hangs",
        (f"{HERE}/test_hostile_corpus.py",),
    ),
    Promise(
        "D3",
        "one file, however made: open quotes, nested tags, endless dates, rejections of a megabyte, mutated bytes",
        "whatever a reader raises is a rejection; work grows with the bytes; a run below 1 GB, the good records in",
        (f"{HERE}/test_one_file.py", "tests/indexer/corpus/test_guard.py"),
    ),
    Promise(
        "Q1",
        "random queries at 20,000 projects",
        "no exception, no 5xx, each below 250 ms",
        (f"{HERE}/test_queries.py::test_random",),
    ),
    Promise(
        "Q2",
        "queries of death at 20,000 projects",
        "refused or answered in less than 250 ms of the processor; memory grows by 100 MB at most",
        (f"{HERE}/test_queries.py::test_queries_of_death",),
        short="the same in 500 ms, with what sending it takes",
    ),
    Promise(
        "Q3",
        "the API against its own schema",
        "0 failures",
        (f"{OF_WEB}/api/test_openapi.py",),
    ),
    Promise(
        "S1",
        "markup in titles, descriptions, grantees, columns, file names, queries, filters",
        "no element or attribute but `mark`",
        (
            "tests/test_hostile.py::*markup",
            "tests/test_hostile.py::test_highlights",
            f"{OF_WEB}/pages/test_hostile_columns.py",
        ),
        long=False,
    ),
    Promise(
        "S2",
        "security headers",
        "on every route and every status, static files too",
        ("tests/test_security_headers.py",),
        long=False,
    ),
    Promise(
        "S3",
        "Host, X-Forwarded-*, doubled parameters, %00, %2e%2e, overlong UTF-8",
        "400 or 404, never 500, never echoed in `Location`",
        ("tests/test_hostile.py::test_a_broken", "tests/test_hostile.py::test_a_host"),
        long=False,
    ),
    Promise(
        "S4",
        "CSV cells that are formulas",
        "harmless in a spreadsheet",
        (f"{OF_WEB}/exports/test_files.py::test_a_cell",),
        long=False,
    ),
    Promise(
        "L1",
        "load at 70 % of capacity",
        "p99 at most 5 times the median, no error",
        (f"{HERE}/test_load.py::test_a_steady",),
        short="no error, and at least half of the rate is borne; times are not asserted",
    ),
    Promise(
        "L2",
        "attackers looping the worst queries beside ordinary clients at 20,000 projects",
        "ordinary p99 at most 150 ms, no failure",
        (f"{HERE}/test_load.py::test_attackers",),
        short="no failure, and every ordinary client is answered; times are not asserted",
    ),
    Promise(
        "L3",
        "a long run of requests, with reindexes between them",
        "memory grows by 5 % at most once warm, descriptors constant",
        (f"{HERE}/test_load.py::test_a_long",),
        short="memory grows by 20 % at most once warm, descriptors constant",
    ),
    Promise(
        "L4",
        "500 slow or idle connections; 40 that ask for a file and do not read it",
        "a probe's p99 at most 100 ms",
        (f"{HERE}/test_load.py::test_idle", f"{HERE}/test_load.py::test_slow"),
        short="every probe is answered; times are not asserted",
    ),
    Promise(
        "D1",
        "the folder given for the index is another one: photos, a home, the corpus, a link, a pipe, `/`",
        "only what bears our names and our mark is ever removed; any other folder is refused, exit 78 and one line",
        (f"{HERE}/test_folders.py",),
        long=False,
    ),
    Promise(
        "D2",
        "a crafted index whose checksums are right: arrays, texts, manifests, names, links, pipes, devices",
        "refused, and the good generation or 503 answers, unless what it says may be so; a `reindex` ends with its code "
        "and line, or with all projects; nothing hangs, nothing from outside is read",
        (
            f"{HERE}/test_crafted.py",
            "tests/indexer/storage/arrays/test_consistency.py",
            "tests/indexer/storage/arrays/test_mapping.py",
        ),
    ),
    Promise(
        "D4",
        "a generation that arrives after its pointer, or is away for a while",
        "tried again after growing pauses up to a minute; only success is remembered, and a refusal holds no files and "
        "no memory, however often it is told",
        (
            f"{HERE}/test_states.py::test_a_generation_that",
            f"{HERE}/test_states.py::test_a_folder_that",
            f"{HERE}/test_states.py::test_what_is_refused",
            f"{HERE}/test_states.py::test_a_foreign",
            "tests/search_app/engine/test_live.py::test_what_is_told_again",
            "tests/search_app/engine/test_live.py::test_a_generation_that_is_refused",
        ),
        long=False,
    ),
    Promise(
        "D5",
        "what repairs meets what it should repair: any state of the folder, any bytes in manifests and reports",
        "a documented code and one line; the last good generation is compared with, and never removed",
        (
            f"{HERE}/test_states.py::test_a_cold",
            f"{HERE}/test_states.py::test_a_running",
            f"{HERE}/test_states.py::test_every_command",
            f"{HERE}/test_states.py::test_the_manual",
            f"{HERE}/test_states.py::test_a_manifest",
            "tests/indexer/intake/prior/test_last_good.py",
        ),
        long=False,
    ),
    Promise(
        "H1",
        "the history: killed while it is appended to, any byte flipped or cut, records swapped, a full disk, another version",
        "what was known stays; a torn end is dropped, a damaged file put aside, and both are told; nothing is made up",
        ("tests/indexer/storage/history/test_journal.py", "tests/indexer/history/test_keeping.py"),
        long=False,
    ),
    Promise(
        "D8",
        "a restore over a live index",
        "published files and folders are read-only; restoring beside and renaming is followed",
        (f"{HERE}/test_states.py::test_a_published", f"{HERE}/test_states.py::test_a_restore"),
        long=False,
    ),
    Promise(
        "D9",
        "a second server on a port",
        "one line and exit 69; the first goes on alone",
        (
            "tests/search_app/test_cli.py::test_a_second",
            "tests/search_app/test_cli.py::test_a_port",
            f"{HERE}/test_connections.py::test_a_port",
        ),
        long=False,
    ),
    Promise("T1", "8 threads", "the same answers as one", (f"{HERE}/test_threads.py",)),
    Promise(
        "D6",
        "the set-up that the manual describes: proxy, units, container",
        "it runs as described: health answers whatever the name, builds take nothing that no lock names",
        ("tests/deploy/", f"{OF_WEB}/serving/admission/test_hosts.py::test_health"),
        long=False,
    ),
    Promise(
        "D7",
        "20 MB of distinct addresses and headers at a worker; records of 1 MB",
        "a worker grows by its cache and 20 MB at most; a page of 100 below 300 ms of processor time, 3 MB "
        "and 100 MB of memory; below 600 ms where three words stand ten thousand times in each record",
        (f"{HERE}/test_costs.py",),
        short="half of the requests, and 16 such records: the same bounds",
    ),
    Promise(
        "D10",
        "who asks too much, or reads too slowly",
        "only what computes counts against the rate; stalled readers deny files to nobody, and are given up",
        (
            f"{HERE}/test_connections.py::test_stalled",
            f"{OF_WEB}/serving/test_ops.py::test_only_what",
        ),
        long=False,
    ),
    Promise(
        "D11",
        "odd requests and texts: hosts, schemes, codings, conditions, ranges, slashes, formulas, control characters",
        "as RFC 9110 and 9112 say; nothing acts on a spreadsheet, a terminal or a log; a reload refuses nobody",
        (
            f"{HERE}/test_connections.py::test_a_r",
            f"{OF_WEB}/serving/test_negotiation.py",
            f"{OF_WEB}/serving/admission/test_hosts.py::test_a_",
            f"{OF_WEB}/serving/test_ops.py::test_no_character",
            "tests/indexer/text/test_formulas.py",
            "tests/indexer/text/test_visible.py",
            "tests/test_addresses.py",
        ),
        long=False,
    ),
    Promise(
        "N1",
        "of three nodes of a cluster one is killed under load, also the elected manager",
        "every answer is whole and the same as before; none is 503, unless no node answers within 1.8 s",
        (f"{OF_NODES}::test_a_killed",),
        short="of the elected manager, which has data as well: none is 503, with 30 s for each request",
    ),
    Promise(
        "N2",
        "all nodes of a cluster killed under load, and started again",
        "503 with `Retry-After` within 2 s, then the same answers as before, without a restart of the server",
        (f"{OF_NODES}::test_all", "tests/indexer/cluster/test_client.py::test_nodes_that_take"),
        long=False,
        short="that a request gives all nodes together 2 s at most; the rest as promised",
    ),
    Promise(
        "N3",
        "a node of a cluster killed while `reindex` publishes; two that publish at once",
        "published whole, or the old generation serves on and the next run repairs; one of two publishes",
        (f"{OF_NODES}::test_a_node", f"{OF_NODES}::test_of_two"),
        short="the promise, of a node that stays away",
    ),
)
