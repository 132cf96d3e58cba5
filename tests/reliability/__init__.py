"""The promises of the design, each held against the failure it speaks of."""
