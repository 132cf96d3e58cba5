"""The arrays of a segment: what must hold of them, and how they are mapped and checked."""
