"""From a query tree to documents and their scores."""
