"""
What every legal process shares, whatever it asks for. A process *received* (a subpoena, an order, an exigent form) stands
in a case; what it *says* is suggested by its text and confirmed by a person. It is *answered once* with the case's
number, compared with others (*duplicates*), judged by the guide's *checklist*, and sent back with a *deficiency letter*
where it lacks something, or *elsewhere* where it belongs to another.
"""
