"""
Emergencies, in which a carrier acts before a court did (R-081 to R-098). A *request* asks on one of two *pathways* (D7):
*disclosure* of records or a location, which a dispatcher may ask for; or *surveillance*, which only an official may who
is specially designated and certifies it. It counts once it is *written*. A *call* goes back to a number of the carrier's
own directory, or to one found in a *source* that has nothing to do with the message. A *decision* is what one person
proposes and another approves, bound to its hash; only for a life may one person alone decide, and another *confirms*.
What must *follow* has an end of its own. A request may turn out *forged*: its *marks* warn of the next.
"""
