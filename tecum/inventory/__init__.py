"""
Numbers and the history of their assignments.

*Run*: consecutive numbers with the same customer and the same in-service date, the row of both engines.
*Holding*: who has a number now and since which date. *Past*: an assignment that ended.
*Snapshot*: a file that speaks for every number at one instant, its *as-of*. *Feed*: a file of single
changes. *Edit*: what a snapshot or a feed does to a span of numbers. *Version*: counts what was applied.
*Engine*: where the runs live, a SQLite file of its own or tables in PostgreSQL; the truth for what was
applied is the engine's own `meta`, the application database remembers who wanted it and when.
"""
