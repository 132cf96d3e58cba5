"""Words over a cluster: the lexicon that each server keeps, and what only the cluster knows of them."""
