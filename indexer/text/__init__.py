"""Text to words to terms, and the acronyms that a text explains."""
