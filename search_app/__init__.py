"""The read path: an address becomes a SearchRequest, the engine answers it, a page or JSON shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Mapping[str, object] | None = None) -> Flask:
    """Return the application; `config` holds settings (SEARCH_…) and Flask's own, over the environment."""
    # Imported here so that the engine can be used where Flask is not installed.
    from flask import Flask

    from search_app import api, errors, exports, ops, pages, urls
    from search_app.config import Settings

    settings = Settings.load(config)
    app = Flask(__name__)
    app.config.from_mapping(config or {})
    urls.init_app(app, settings)
    pages.init_app(app, settings)
    ops.init_app(app, settings)
    errors.init_app(app)
    for blueprint in (pages.blueprint, api.blueprint, exports.blueprint, ops.blueprint):
        app.register_blueprint(blueprint)
    return app
