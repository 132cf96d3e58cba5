"""What a run of `reindex` saw of the projects, and how it is added to the history."""
