"""
Call-detail records: who called whom, when, and from which cell.

*Party*: one end of a call, as ten digits, `+` and an international number, or a short code. *Store*: one kind of records with a
retention of its own (fraud records, toll records). *Delivery*: a file as a switch wrote it. *Part*: one file of the store, every row
of one day and one bucket of parties; the *manifest* in the application database decides which parts count. *Scope*: what a legal
process allows to be read, as product × number × period, each with the clause that says so; no query yields a row without one.
*Hold*: rows of a number and a period that are kept beyond retention. *Engine*: what reads the parts, DuckDB on one machine or Spark
on many.
"""
