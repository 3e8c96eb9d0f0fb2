"""How an act on a customer is refused; several operations share these, so they stand in a file of their own."""

from tecum.kernel.refusals import Refused


class NotAnEntry(Refused):
    """What was typed cannot be a customer."""


class AlreadyThere(Refused):
    """The customer is entered already, or a change of its card waits already."""


class AlreadySo(Refused):
    """The customer is in that standing already."""


class CustomerSuspended(Refused):
    """The customer's people may not act."""


class NotACard(Refused):
    """What was typed cannot be a contact card, or the card is not at that step."""


class SamePerson(Refused):
    """Nobody puts their own change of a card in force (A16)."""


class NotAConsent(Refused):
    """What was given cannot be a consent, or it lacks its evidence."""


class NoConsent(Refused):
    """There is no consent in force to withdraw."""
