"""
The trail: who did what, when, provable to somebody who trusts none of us (assurance, control 9).

*Event*: a thing worth remembering, by its name in `catalogue`. *Change event*: commits and rolls back with
its change (`record`). *Access event*: stored before the answer is shown (`note`). *Leaf*: the exact bytes of
one event. *Seal*: the sequencer's pass that gives committed leaves their position. *Checkpoint*: size and
root of the tree, signed, kept outside. *Receipt*: the leaf's hash, a promise until sealed.
"""
