"""What holds the index: what it is asked, and what it returns. One machine or a cluster, both do the same."""
