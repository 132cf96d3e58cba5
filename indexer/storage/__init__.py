"""What is on disk: segments, generations, and how they are opened, checked and published."""
