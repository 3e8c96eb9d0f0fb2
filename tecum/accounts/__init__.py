"""
People, the roles they hold, and how they sign in.

A *person* is one human being with credentials of their own (R-005, R-006). A *visit* is one signed-in session: it ends
after some time without a request and after some time altogether (the guide says both), on suspension, and, for officers, when they sign in elsewhere.
Without a second factor in the visit the person may do nothing but enrol one. A *link* sets a password once, within 24
hours (R-066), by POST only. To *stand* is to be in good standing at commit, whatever the request believed when it began.
"""
