"""The write path: from a file in the corpus to a published generation of the index.
"""
