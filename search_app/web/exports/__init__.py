"""A result taken along: files and feeds."""
