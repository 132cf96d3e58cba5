"""What texts mean: how near their vectors are, and what that does to an order."""
