"""Vectors of texts: what a text means, as numbers, so that texts with other words for it can be found."""
