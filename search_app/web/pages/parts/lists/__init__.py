"""Long lists, page by page: changes, grantees."""
