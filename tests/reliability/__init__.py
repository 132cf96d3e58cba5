"""The promises of the design, each held against the failure it speaks of; the figures go to docs/reliability.md."""
