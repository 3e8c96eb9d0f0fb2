"""Why an agency may have lost its capability: the account first, then the provisioning, then a fault on the way (R-149 to R-153)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Cause(StrEnum):
    ACCOUNT = "account_closed"  # (a) of R-149
    PROVISIONING = "provisioning"  # (b) of R-149: a warrant ended, or nothing is on
    CARRIER = "carrier"  # a fault on our side, mended
    AGENCY = "agency"  # ruled out on our side: LEM or LEAR


FIRST = frozenset({Cause.ACCOUNT, Cause.PROVISIONING})
AFTER = frozenset({Cause.CARRIER, Cause.AGENCY})
PARTS = {
    "switch": "The switch: the entry, its types and its target",
    "delivery": "The delivery: trunk, dial-up line, mediation",
    "demarcation": "The demarcation point of the agency",
}
OUTCOMES = {"good": "Works", "fault": "A fault", "mended": "A fault, mended"}


@dataclass(frozen=True, slots=True)
class Line:
    """One target on one switch as we know it: desired and seen, and what differs."""

    switch: str
    service: str
    on: bool
    seen_on: bool
    why_off: str = ""
    differs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What Tecum knows of a surveillance at an instant, without asking any other system for the target."""

    until: datetime | None
    accounts: Sequence[str]
    lines: Sequence[Line]
    accounts_known: bool = True


@dataclass(frozen=True, slots=True)
class Look:
    """What one question of R-149 gives: yes, no, or that it is not known; with its sentence."""

    cause: Cause
    so: bool | None
    sentence: str


def looks(known: Known, now: datetime) -> tuple[Look, Look]:
    """Answer both questions that come before any troubleshooting: is an account closed, is it a matter of provisioning."""
    return _account(known), _provisioning(known, now)


def cause(known: Known, now: datetime) -> Cause | None:
    """Return what explains the loss without a fault on the way; None where that takes troubleshooting."""
    return next((each.cause for each in looks(known, now) if each.so), None)


def _account(known: Known) -> Look:
    if "closed" in known.accounts:
        return Look(
            Cause.ACCOUNT, True, "The account of a target is closed, by the last list of subscribers."
        )
    if not known.accounts_known:
        return Look(
            Cause.ACCOUNT,
            None,
            "No list of subscribers is at hand: ask for a fresh one, never for the target.",
        )
    if known.accounts:
        said = ", ".join(sorted(set(known.accounts)))
        return Look(Cause.ACCOUNT, False, f"No account is closed; one is {said}, and may close.")
    return Look(
        Cause.ACCOUNT,
        False,
        "No target's account is closed, unpaid or closing, by the last list of subscribers.",
    )


def _provisioning(known: Known, now: datetime) -> Look:
    if known.until is None:
        return Look(Cause.PROVISIONING, True, "Nothing is in force: the authority has ended.")
    if known.until <= now:
        return Look(Cause.PROVISIONING, True, f"The authority ended at {known.until:%Y-%m-%d %H:%M:%S} UTC.")
    off = [each for each in known.lines if not each.on]
    if off and len(off) == len(known.lines):
        whys = (
            ", ".join(sorted({each.why_off.replace("_", " ") for each in off if each.why_off}))
            or "not started"
        )
        return Look(Cause.PROVISIONING, True, f"Nothing is on: {whys}.")
    if not known.lines:
        return Look(Cause.PROVISIONING, True, "Nothing was started under the order.")
    odd = [each for each in known.lines if each.differs or (each.on and not each.seen_on) or not each.on]
    if odd:
        names = ", ".join(sorted({each.switch for each in odd}))
        return Look(Cause.PROVISIONING, True, f"Not all is as desired on {names}: see Switches.")
    return Look(Cause.PROVISIONING, False, "Everything that was ordered is on, and each switch shows it.")
