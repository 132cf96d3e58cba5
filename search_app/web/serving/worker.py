"""One worker process of the server: it is warm before it answers, and collects garbage seldom and quickly.

An index and its memos are some hundred thousand objects that stay. To look through them again and again
takes a tenth of a second each time, for which everybody else waits; so they are put aside once they stand.
"""

from __future__ import annotations

import gc
import threading
from contextlib import suppress
from time import sleep
from typing import cast

from flask import Flask

from indexer.errors import IndexerError
from search_app.engine.live import Live
from search_app.web.serving.service import Service

# New objects after which the garbage collector looks through the youngest ones: some forty requests make so
# many, and the look takes a millisecond.
YOUNG = 2_000
# How often the collector looks through younger objects before it looks through older ones.
MIDDLE, OLD = 10, 20
# Between two looks for another generation while nobody asks for anything.
LOOK_SECONDS = 1.0
# As long as requests may take that began before a generation took over; who reads more slowly is given up.
LET_GO_SECONDS = 20.0


def warm(app: Flask) -> Flask:
    """Open the index of an application and compile its templates, before it answers."""
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    live = _live(app)
    live.settled = set_aside
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    try:
        live.start()
    except IndexerError:
        # There is none yet, or a bad one: every answer says so until there is.
        set_aside()
    # The first generation takes over from none; each look through all that stays keeps everybody waiting.
    live.settled = set_aside_twice
    return app


def follow(app: Flask) -> Flask:
    """Look for other generations from now on, also while nobody asks: who asks next has the newest."""
    threading.Thread(target=_keep_looking, args=(_live(app),), daemon=True).start()
    return app


def _keep_looking(live: Live) -> None:
    while True:
        sleep(LOOK_SECONDS)
        # Whatever is wrong now is told to whoever asks, and may be over at the next look.
        with suppress(Exception):
            live.engine()


def _live(app: Flask) -> Live:
    return cast("Service", app.extensions["search"]).live


def set_aside() -> None:
    """Collect all garbage, and look no more through what is left: it is there to stay."""
    # What was put aside before may be garbage now, the generation that this one replaces above all.
    gc.unfreeze()
    gc.collect()
    gc.freeze()


def set_aside_twice() -> None:
    """Do it now that a generation has taken over, and once more when the requests of the last one have ended.

    They hold it for a while: it would be put aside with what stays, until the next one takes over.
    """
    set_aside()
    later = threading.Timer(LET_GO_SECONDS, set_aside)
    later.daemon = True
    with suppress(RuntimeError):  # no thread to be had now; the next generation tries again
        later.start()
