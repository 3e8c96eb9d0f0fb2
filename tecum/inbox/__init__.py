"""
Every message received. Its *raw bytes* are on the disk, sealed, before anybody reads them; a *reader* (a guarded
process of its own) turns them into *facts*; rules turn the facts into one *class*, with a reason. What a message is
about is sealed with it: the database keeps only when it came, where, of what class, and fingerprints that tell equal
from different. A message that cannot be read is *quarantined* with the reason, never lost (assurance control 10).
"""
