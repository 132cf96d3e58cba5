"""Terms and matches read from the arrays of a segment."""
