"""The row of a surveillance, held for a change by somebody who may, and what is sealed in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.cases import sealed
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.surveillance.models import Authority, Surveillance, TapTarget
from tecum.surveillance.queries.reading import authority_view, readable
from tecum.surveillance.rules.ordered import Authority as AuthorityView
from tecum.surveillance.states import AuthorityState


class NoAuthority(Refused):
    """Nothing is in force that would allow it."""


@dataclass(frozen=True, slots=True)
class Said:
    """What identifies a target: its number, its handset, and the agency's dial-up number."""

    number: str
    imei: str = ""
    imsi: str = ""
    delivery: str = ""


def locked(surveillance: str, *, by: Actor, now: datetime, permission: str) -> Surveillance:
    """
    Return the row of a surveillance, held until the transaction ends, for an actor in good standing.

    :raises NotYours: when it is unknown, or not for this actor
    """
    require(by, permission, now=now)
    accounts.stand(by=by, now=now)
    row = (
        Surveillance.objects.select_for_update(of=("self",))
        .select_related("case")
        .filter(pk=surveillance)
        .first()
    )
    # Asked after the lock is ours: whoever sealed the case while we waited is obeyed.
    if row is None or by.agency or not readable(by=by, now=now).filter(pk=row.pk).exists():
        raise NotYours
    return row


def surveillance_of(authority: str) -> str:
    """Return the surveillance an authority belongs to. :raises NotYours: when it is unknown"""
    found = Authority.objects.filter(pk=authority).values_list("surveillance", flat=True).first()
    if found is None:
        raise NotYours
    return str(found)


def in_force(row: Surveillance, *, now: datetime) -> AuthorityView:
    """
    Return the authority that a surveillance rests on at this moment.

    :raises NoAuthority: where none is accepted, or its end has come
    """
    found = Authority.objects.filter(surveillance=row, state=AuthorityState.IN_FORCE).first()
    if found is None:
        raise NoAuthority(f"Nothing is in force for {row.reference}.")
    view = authority_view(found)
    if view.until <= now:
        raise NoAuthority(
            f"The authority of {row.reference} ended at {view.until:%Y-%m-%d %H:%M:%S} UTC; it takes a new one."
        )
    return view


def turned(row: Surveillance) -> None:
    """Count a change that came into force: every proposal made before fits no more."""
    row.revision += 1
    row.save(update_fields=["revision"])


def said_of(target: TapTarget) -> Said:
    """Return what identifies a target. :raises Destroyed: at the end of its retention"""
    kept: dict[str, Any] = sealed.opened(
        sealed.key_of(target.surveillance.matter), f"tap target {target.pk}", target.said
    )
    return Said(**kept)


def say(target: TapTarget, said: Said) -> None:
    """Write what identifies a target, under the seal of its surveillance."""
    key = sealed.key_of(target.surveillance.matter)
    kept = {"number": said.number, "imei": said.imei, "imsi": said.imsi, "delivery": said.delivery}
    target.said = sealed.close(key, f"tap target {target.pk}", kept)
    target.print = sealed.fingerprint(said.number, purpose="target")
