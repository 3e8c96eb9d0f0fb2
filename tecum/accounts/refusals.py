"""How an act on an account is refused; several operations share these, so they stand in a file of their own."""

from tecum.kernel.refusals import Refused


class NotAnAccount(Refused):
    """What was typed cannot be an account."""


class AlreadyThere(Refused):
    """That address has an account, or the person that role."""


class AlreadySo(Refused):
    """The person is in that standing already."""


class NotThisRole(Refused):
    """The role cannot be held by this person, or not together with the others (separation of duties)."""


class NotOnOneself(Refused):
    """Nobody gives themselves roles, suspends or resets themselves."""


class LinkNotGood(Refused):
    """The link was used, replaced, is too old, or never was one: always the same sentence (R-067)."""

    def __init__(self) -> None:
        super().__init__(
            "This link no longer works: it is good once, for a limited time, and a newer link replaces it. "
            "Ask the portal administrator for a new one."
        )


class PasswordTooWeak(Refused):
    """The password is refused; the sentence says why."""


class NotThePassword(Refused):
    """The current password is not right."""


class PersonSuspended(Refused):
    """The person may not act."""


class NoLongerHeld(Refused):
    """A role that this act rests on was taken away since the request began."""


class NotAttested(Refused):
    """The supervisor's confirmation ran out: no look-ups until the next one."""


class TermsChanged(Refused):
    """The terms that a person accepts are not those in force any more."""


class TermsNotAccepted(Refused):
    """The terms of use wait to be accepted; no look-ups before."""


class NotHowItWasGiven(Refused):
    """Staff record a supervisor's word without saying how it reached them."""


class AddressNotProved(Refused):
    """The account is suspended until its address is proved again."""


class NothingAsked(Refused):
    """No change of the own address is under way."""


class SignalSettled(Refused):
    """Somebody wrote down already what a sign of shared use was."""
