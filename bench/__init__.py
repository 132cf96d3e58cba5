"""Measures against peers, one command each, every figure a ratio from one run on one machine.

`python -m bench.search` times a page of search, `bench.build` the making of an index, `bench.http` the
server and `bench.ranking` the order of the hits. Each writes its figures as JSON and as a Markdown table;
`python -m bench.report` puts the tables into docs/performance.md. `bench.corpus` makes projects of any
number to measure with. Peers that are not installed are left out, and the tables say so.
"""
