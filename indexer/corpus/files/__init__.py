"""The files of a corpus folder: which there are, what an archive holds, and how they are opened."""
