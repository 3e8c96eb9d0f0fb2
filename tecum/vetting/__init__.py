"""
From an application to an account that works. An *application* is one person's, received by mail (or on the web where the
guide allows it); *checks* answer each of the six rules (R-048 to R-053) and what else speaks for or against it; a
person of the carrier *accepts*, *returns* (incomplete or illegible) or *refuses* (ineligible) it. Accepted, it becomes
a profile, and the *pair* of messages brings the link that sets the password.
"""
