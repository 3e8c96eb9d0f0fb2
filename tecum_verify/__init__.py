"""
The stand-alone verifiers: Python's standard library and `cryptography`, nothing of Tecum, no Django.

*Leaf*: the exact bytes of one entry of the trail. *Tree*: the Merkle tree of RFC 6962 over the leaves
in order. *Checkpoint*: the tree's size and root, signed by the carrier (C2SP signed note). *Bundle*: a
copy of the trail to take away. Format: docs/reference/trail-format.md.
"""
