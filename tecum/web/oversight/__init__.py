"""
What several of the carrier's people watch: the state of the numbers, every revealed answer, the figures of look-ups.

These pages belong to no single audience: each reader sees them in their own part of the house.
"""
