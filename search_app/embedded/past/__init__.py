"""What had happened up to one generation, as the history beside it tells."""
