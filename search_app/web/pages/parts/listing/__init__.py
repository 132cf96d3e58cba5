"""The page of results: chips, facets with bars, hits, and everything around them."""
