"""
What follows when this installation was put back from a copy (assurance control 13).

A *copy* is what `tecum backup` made: database, files, records, never a key. Putting one back opens a *recovery*: what
switches off runs, nothing is switched on, revealed or fetched, and most lanes of the jobs rest, because the copy does not
know what ended since it was made. *Resuming* lets the starts of one surveillance happen again, and *leaving* ends the
recovery: each is the act of two people.
"""
