"""What is counted beside the hits, in the same request: facets, totals, other forms of what was typed."""
