"""
Whatever leaves: the package of files that answers a legal process, and how it reaches those who asked.

A *production* is made from frozen *inputs*: the facts of the case, the *scope* in force, the *parts* (files already stored,
each of one product and number) and the *coverage* (what was asked, interval by interval, and what became of it). It becomes a
*package*: a BagIt bag in a ZIP, with a signed *statement* (certificate, disclaimer or letter) and a receipt of the trail.
Two people *release* it, bound to the hash of package, scope and receivers; then it is *handed over* by a link for a vetted
account, or for the address on file with a code told by telephone. Each fetching is a *download*.
"""
