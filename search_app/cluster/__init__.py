"""The backend over an OpenSearch cluster: query trees translated to its queries, its answers to ours."""
