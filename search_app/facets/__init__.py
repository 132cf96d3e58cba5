"""What narrows a result, and what is in it, counted."""
