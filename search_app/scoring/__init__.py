"""What a match is worth beside BM25F, and what a project is known by: the same for every backend."""
