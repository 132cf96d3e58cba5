"""What a document in a cluster holds: its texts, its own fields, when it was seen."""
