"""
Court orders and the life of a surveillance: what was ordered, what a switch does, and the end of it.

A *surveillance* is everything that is done to the targets of one case, from the first authority to the last switch
that is off. An *authority* is an accepted court order, or an emergency request that an order has yet to follow; it
owns the end (`ends_at`), and the one kind of deadline `surveillance.end` is the only thing that cuts. *Ordered* is one
line of it: a target number, a service, a type, the switches named. A *tap* is what one switch is to do for one target
and service: *desired* on or off under a *generation*, reported by the switch as it is. An *act* is what one person
proposed and another approves, bound to the hash of its content. A *mismatch* is a difference between what is desired
and what a switch lists, open with an age until it is settled. A *work order* tells a technician what to type where
no driver reaches. The *cut* is the instant at which access ends; the end fires a little before it, so that the
switch has obeyed by then.
"""
