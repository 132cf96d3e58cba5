"""What is close in meaning: nearness of vectors, the order of hits, and projects without the words."""
