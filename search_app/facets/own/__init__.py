"""Facets of the fields that a corpus has of its own: their columns, values and entries in the table."""
