"""
Contradictions and gaps in a guide that can be read: two prices, hours that differ, a clock that ends unstaffed.

A finding has a code, a severity, both places, and the decision that settled it where the guide records one.
"""
