"""Fields of one's own: which columns of a corpus are fields, and what their texts say."""
