"""All messages in one list, so that a change of one is seen."""
