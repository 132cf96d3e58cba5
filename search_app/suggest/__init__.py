"""Completions of what is typed, and corrections of it."""
