"""The generation before: which one is good, what the corpus still holds of it, what may not be lost."""
