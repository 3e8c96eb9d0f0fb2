"""
What is watched from outside the acts themselves.

A *check* recomputes the whole trail in a process of its own: asked for by a person, or every night by the guide. It
ends with a verdict, which is an entry of the trail. A verdict that is not good, and a trail that no check found good for
too long, are told to those who may verify it.
"""
