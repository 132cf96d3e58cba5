"""One reader for each source format."""
