"""The corpus: a folder of files in several formats, read lazily into projects and rejections."""
