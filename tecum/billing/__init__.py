"""
What the work costs, and whether it was paid. A *billable fact* stands in its case: something that happened. A *charge* is
what one fact costs by one fee of the guide, computed from the schedule in force when it happened (decision B11) and never
typed. An *invoice* freezes the charges of a case at the conclusion of a service (R-137); it is numbered without gaps,
sealed cases in a series of their own, and corrected by a *credit note*, never by an edit. A *payment* is matched to an
invoice by its number; what matches none waits for a person. A fact is unbilled, or *settled*: invoiced, waived or free.
"""
