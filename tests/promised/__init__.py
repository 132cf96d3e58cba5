"""What is promised to stay for all of 1.x: `list.txt`, a promise to a line, and a history as 1.0 wrote it."""
