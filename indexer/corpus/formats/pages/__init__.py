"""Saved pages: their tables, their rows without column names, and the HTML of both."""
