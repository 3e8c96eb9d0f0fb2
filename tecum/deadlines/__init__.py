"""
The due-table. A *deadline* is a row: a kind, the subject it is about, the instant it is due.
It is armed in the transaction of the intent, claimed under a *lease* with a *fence*, and done in the
transaction of its effect; what fails is tried again later, and in the end lies as a *dead letter*
for a person. The sweep asks what is due with no lower bound: a deadline that was missed while
nothing ran is still due (assurance control 1).
"""
