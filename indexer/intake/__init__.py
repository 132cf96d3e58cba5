"""What the readers yield, as one ordered set of projects."""
