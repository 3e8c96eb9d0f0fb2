"""Which operation is called when a deadline of a kind is due. A surface test asks for every kind of the catalogue."""

from collections.abc import Mapping
from datetime import datetime

from tecum.deadlines.operations import Claim
from tecum.jobs.worker import Handler
from tecum.kernel.actors import Actor
from tecum.mailroom import routing
from tecum.vetting import operations as vetting

CLOCKWORK = Actor.system("jobs")


def link_expires(claimed: Claim, now: datetime) -> None:
    """The 24 hours of an activation link are over (R-066)."""
    vetting.link_over(application=claimed.subject, by=CLOCKWORK, now=now)


def promised(claimed: Claim, now: datetime) -> None:
    """An application waits longer than was promised (R-059)."""
    vetting.late(application=claimed.subject, by=CLOCKWORK, now=now)


TABLE: Mapping[str, Handler] = {
    "account.link_expires": link_expires,
    "vetting.promised": promised,
    "mail.route": routing.route,
}
