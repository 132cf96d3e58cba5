"""The backend on one machine: the arrays of a generation, mapped into memory."""
