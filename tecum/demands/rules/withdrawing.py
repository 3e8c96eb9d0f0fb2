"""Who may withdraw a demand, and by which way (R-043 to R-045; decisions D11 and E)."""

import re
from dataclasses import dataclass

from tecum.demands.states import OPEN, DemandState

REFERENCE = re.compile(r"\b[A-Z]{1,3}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


@dataclass(frozen=True, slots=True)
class Asking:
    """What is known of a message that asks to withdraw: nothing of it is believed unless the mail systems prove it."""

    sender: str
    proven: bool  # SPF or DKIM passed and is aligned with the From address, judged by our own server
    automatic: bool
    references: frozenset[str]


@dataclass(frozen=True, slots=True)
class Case:
    """What must agree with it."""

    reference: str
    state: DemandState
    addresses: frozenset[str]  # verified addresses of the people on the case's own list
    sealed: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a message withdraws, and if not, whether a person should look at it."""

    withdraws: bool
    person: bool
    because: str


def by_mail(asking: Asking, case: Case | None) -> Verdict:
    """
    Judge one message at the status mailbox.

    It withdraws only when the mail systems prove its sender, the sender stands on the list of the one case it names, and
    that case is open and not sealed. Everything else waits for a person; automatic mail is nobody's wish.
    """
    if asking.automatic:
        return Verdict(False, False, "An automatic message withdraws nothing.")
    if not asking.proven:
        return Verdict(False, True, "The sender is not proven.")
    if case is None or len(asking.references) != 1 or case.reference not in asking.references:
        return Verdict(False, True, "The message does not name exactly one open case.")
    if asking.sender.casefold() not in {address.casefold() for address in case.addresses}:
        return Verdict(False, True, "The sender is not on the case's list.")
    if case.sealed:
        return Verdict(False, True, "A sealed case is ended by a person who called back.")
    if case.state not in OPEN:
        return Verdict(False, True, f"The case is already {case.state.replace('_', ' ').lower()}.")
    return Verdict(True, False, "The sender is proven and stands on the case's list.")


def references(text: str) -> frozenset[str]:
    """Return the references of ours that a text names."""
    return frozenset(REFERENCE.findall(text.upper()))
