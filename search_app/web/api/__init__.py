"""The JSON API and its contract."""
