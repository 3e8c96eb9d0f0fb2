"""
The look-up: a vetted officer asks which service provider serves a number *now* (R-014, R-025).

A *line* is what the officer typed; a *number* what it means; a *hit* names the wholesale customer, a
*non-result* says that a Legal Demand is necessary and nothing else; the *quota* is counted in distinct
valid numbers per person and window, held by *slots*; every hit leaves a *disclosure record*
(47 CFR 64.2009(c)); *coverage* compares a hit's in-service date with the interval an investigation is about.
"""
