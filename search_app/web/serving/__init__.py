"""What goes on around an answer: keeping it, limiting who asks too often, logging, counting."""
