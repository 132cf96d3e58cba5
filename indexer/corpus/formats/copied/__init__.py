"""Layouts of text as people copy it from pages, beside the listing."""
