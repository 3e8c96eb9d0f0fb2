"""
The on-call ladder: whoever is on call is paged, and then paged again, and then the NOC, until somebody calls back.

*Roster*: who is on call when. *Shift*: one person on a roster from one instant to another; a *cover* takes the place of
what it overlaps. *Gap*: a time at which nobody is on call. *Escalation*: one climb of a ladder about one thing, named by
the opaque text `about` ("case:…", "surveillance:…", "message:…", "call:…"). *Step*: what the guide's ladder says is done
after so long; each is a row in the due-table, fires by itself, and is repeated after a crash. *Page*: one message to one
person by one way. *Acknowledging* names an owner. Only a *call-back* (who was spoken to, at which number, at which
minute) stops the ladder. *NOC*: those who may begin an escalation and see how it climbs, and see nothing else.
"""
