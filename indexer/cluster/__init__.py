"""A generation on an OpenSearch cluster: how it is laid out there, written, swapped in and looked after."""
