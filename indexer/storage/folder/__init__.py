"""The folder of an index: whose it is, who writes to it, and how its files are opened and hashed."""
