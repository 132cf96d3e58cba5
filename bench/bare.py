"""The least that a Flask server can do: one route that returns the same bytes every time.

`BARE_BYTES` says how many. Served by the same command as the product, it is the ceiling that the
product's requests a second are compared with.
"""

from __future__ import annotations

import os

from flask import Flask, Response

app = Flask(__name__)
_CONSTANT = b"x" * int(os.environ.get("BARE_BYTES", "1000"))


@app.get("/")
def constant() -> Response:
    """Return the constant."""
    return Response(_CONSTANT, mimetype="application/json")
