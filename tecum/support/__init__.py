"""
Questions about the portal itself. A *thread* is one request and everything said about it: it came by mail to the portal
mailbox (R-068), was written on the portal's page where the guide opens that door, or was a *call* that was logged
(R-038). An *answer* is a person's; a *canned* one is a text of the guide. A *note* stays in the house.

An e-mail address is no identity: a thread is linked to a person only where the mail systems prove the sender, and no
answer discloses anything that was looked up.
"""
