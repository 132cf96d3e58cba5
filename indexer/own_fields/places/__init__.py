"""Countries in the texts of projects, and the regions of the world."""
