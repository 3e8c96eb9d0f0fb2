"""
Two people: what one proposes, another approves, bound to the SHA-256 of exactly what will happen (assurance control 6).

The capability whose act it is asks for the permission and computes the digest, when it is proposed and again when it
is approved, and performs the act in the transaction of the approval.
"""
