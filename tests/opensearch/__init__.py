"""A real OpenSearch node for tests, laid out from Maven artifacts."""
