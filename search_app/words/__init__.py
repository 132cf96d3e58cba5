"""The words of an index, and what else they stand for."""
