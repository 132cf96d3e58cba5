"""Who is let in, and when: the names that are answered, how often one may ask, and whose turn it is."""
