"""From the text of a search to a query tree."""
