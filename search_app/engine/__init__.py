"""SearchEngine: from a SearchRequest to SearchResults."""
