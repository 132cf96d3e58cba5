"""Commands that write the generated parts of the documents."""
