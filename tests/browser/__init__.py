"""Stories walked in a real browser, on a real server over a real index."""
