"""All that knows HTTP: addresses, answers and problems, and the rooms that use them."""
