"""What every template can use: filters, the name of the site, the addresses of static files."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from search_app import assets
from search_app.config import Settings
from search_app.marks import as_html
from search_app.page.days import month, whole
from search_app.page.results import required
from search_app.urls import project_url, search_url


def init_app(app: Flask, settings: Settings) -> None:
    """Set up the templates of `app`."""
    package = Path(app.root_path)
    app.config["FINGERPRINT"] = assets.fingerprint(package, settings)
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = assets.YEAR_SECONDS
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.jinja_env.filters |= {"marked": as_html, "month": month, "day": whole}
    app.jinja_env.globals |= {
        "site_name": settings.site_name,
        "max_query_length": settings.max_query_length,
        "asset": assets.addresses(package / "static"),
        "project_url": project_url,
        "search_url": search_url,
        "required": required,
    }
