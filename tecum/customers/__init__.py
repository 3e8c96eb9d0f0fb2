"""
The carrier's wholesale customers: service providers whose numbers the look-up may answer for.

A *contact card* is what an officer is shown on a hit (R-020): at most one is in force, a change waits until it is confirmed
by another channel and approved (A16). A *consent* is evidence: who gave it, when, by which document, on which bases, for
which numbers; every change is a new version, and withdrawing takes effect at commit. The *campaign* is the pursuit of
consents from the whole customer base (R-035).
"""
