"""The commands beside `reindex` itself."""
