"""A generation as a Whoosh index: `index.open_index` opens it, stock Whoosh searches it, nobody writes it."""
