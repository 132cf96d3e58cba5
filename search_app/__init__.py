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

    from search_app.config import Settings
    from search_app.web import problems, urls
    from search_app.web.api import views as api
    from search_app.web.exports import files, table
    from search_app.web.pages import views as pages
    from search_app.web.serving import ops

    settings = Settings.load(config)
    app = Flask(
        __name__,
        template_folder="web/pages/templates",
        static_folder="web/pages/static",
        static_url_path="/static",
    )
    app.config.from_mapping(config or {})
    urls.init_app(app, settings)
    pages.init_app(app, settings)
    ops.init_app(app, settings, table.EXPORTS)
    files.init_app(app, table.EXPORTS)
    problems.init_app(app)
    for blueprint in (pages.blueprint, api.blueprint, files.blueprint, ops.blueprint):
        app.register_blueprint(blueprint)
    return app
