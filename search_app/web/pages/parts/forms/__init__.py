"""Forms beside the hits: as they are shown, and what is asked when they are sent."""
