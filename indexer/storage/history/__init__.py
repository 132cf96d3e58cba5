"""The history, a file beside the generations: when projects were first seen and changed; it outlives them."""
