"""The write path: from a file in the corpus to a published generation of the index.

The way of one document, module by module:

1. `cli` takes the command `reindex` and tries the `lock`; `build` does what it asks, under it.
2. `corpus.sources` finds the files; nothing is done if none of them changed since the last time.
3. `corpus.listing`, `page`, `table` or `jsonl` cuts a file into records; `corpus.record` makes each a
   `document.Project`, or a `document.Rejection` that names file, line and reason.
   What the `ledger` of the last generation knows, lines and `corpus.whole` files, is not parsed again.
4. `intake` keeps one project for each identity: documents of an `earlier` generation, or `rows` that were
   read; `aliases` gives a grantee its usual name.
5. `columns` puts them into display order, `difference` tells which are new or changed, `quality` notes what
   is doubtful, and `recording` writes what is kept of each.
6. `pieces` cuts the texts of those where no token goes on, `numbering` and `dictionary` number the pieces,
   `analysis` gives each new one its words and terms; `acronyms` learns what letters stand for.
7. `chunks` has `postings` invert documents into `runs`, by `sorting` and `counting`; `increments` takes what
   has not changed out of the last generation; `lexicon` unites their words, `destinations` tells where each
   posting goes, `merging` brings it there, and `impacts` adds what each term is worth in each project.
8. `writer` writes the arrays of a `segment`; `codec` lets Whoosh read them, with the fields of `schema`.
9. `build` opens and checks the result, `report` adds what changed, `generation` publishes it in one step,
   with what `hashing` found.
10. `summary` tells the maintainer; `upkeep` verifies, lists and rolls back what was published.
"""
