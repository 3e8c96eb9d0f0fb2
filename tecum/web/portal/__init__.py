"""
The officer's pages: ask which service provider serves a number now, read the answers, find earlier ones.

A *verdict* compares a hit with the interval an investigation is about (A3); it is drawn as a bar against a dashed box.
"""
