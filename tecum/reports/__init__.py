"""
What the carrier tells about itself. A *report* has a name (disclosures, transparency, hit-rate, coverage, turnaround) and a
*period*; it is *derived* from the trail alone, up to a *mark* (a log, so many entries, their root), by the counting rules of
a version of the guide, and is kept with the SHA-256 of its content: whoever derives it *again* from the same entries must
get the same bytes. An officer of the carrier *certifies* the yearly register of disclosures (47 CFR 64.2009(c), (e)).
Cases that are sealed when a report is made are not counted, unless the guide says so.
"""
