"""What is near to what by its words: projects, grantees."""
