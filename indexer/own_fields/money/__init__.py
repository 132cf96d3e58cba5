"""Money as sources write it: amounts, and in which currency they are."""
