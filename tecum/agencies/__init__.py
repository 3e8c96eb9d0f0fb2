"""
The directory of agencies: who they are, where, whose mail is theirs, at which number they are called back, and whether
they are in good standing. A *call-back number* is proposed by one person and confirmed by another, never taken from a
message. *Standing* decides on the next request whether the agency's people may act.
"""
