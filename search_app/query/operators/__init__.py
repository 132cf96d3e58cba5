"""Operators, quotes and parentheses: where they stand in a text, and what they make of its clauses."""
