"""From texts to postings, in array passes."""
