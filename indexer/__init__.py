"""The write path: from a file in the corpus to a published generation of the index.

`docs/architecture.md` tells the way of one document, room by room.
"""
