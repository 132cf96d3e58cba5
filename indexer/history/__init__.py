"""What happened to projects over all generations: first seen, changed, removed; it outlives each of them."""
