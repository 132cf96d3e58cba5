"""Formats in which records are trees: JSON and XML."""
