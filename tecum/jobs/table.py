"""Which operation is called when a deadline of a kind is due. A surface test asks for every kind of the catalogue."""

from collections.abc import Mapping
from datetime import datetime

from tecum.accounts import operations as accounts
from tecum.assurance import operations as assurance
from tecum.billing import operations as billing
from tecum.breaches import operations as breaches
from tecum.cases import operations as cases
from tecum.deadlines.operations import Claim
from tecum.demands import operations as demands
from tecum.exigent import operations as exigent
from tecum.jobs.worker import Handler
from tecum.kernel.actors import Actor
from tecum.mailroom import routing
from tecum.production import operations as productions
from tecum.records import operations as records
from tecum.records.operations import subscribers
from tecum.support import operations as support
from tecum.surveillance.operations import orders
from tecum.vetting import operations as vetting

CLOCKWORK = Actor.system("jobs")


def link_expires(claimed: Claim, now: datetime) -> None:
    """The time of an activation link is over (R-066)."""
    vetting.link_over(application=claimed.subject, by=CLOCKWORK, now=now)


def promised(claimed: Claim, now: datetime) -> None:
    """An application waits longer than was promised (R-059)."""
    vetting.late(application=claimed.subject, by=CLOCKWORK, now=now)


def attestation_due(claimed: Claim, now: datetime) -> None:
    """A supervisor's confirmation runs out soon."""
    accounts.attestation_due(person=claimed.subject, by=CLOCKWORK, now=now)


def attestation_lapsed(claimed: Claim, now: datetime) -> None:
    """A supervisor's confirmation has run out."""
    accounts.attestation_lapsed(person=claimed.subject, by=CLOCKWORK, now=now)


def inactive(claimed: Claim, now: datetime) -> None:
    """Nobody signed in to an account for long."""
    accounts.inactive(person=claimed.subject, by=CLOCKWORK, now=now)


def bounced(claimed: Claim, now: datetime) -> None:
    """A notice came back."""
    accounts.address_bounced(notice=claimed.subject, by=CLOCKWORK, now=now)


def clock_rings(claimed: Claim, now: datetime) -> None:
    """An end of a breach comes near, or has passed."""
    breaches.clock_rings(clock=claimed.subject, by=CLOCKWORK, now=now)


def case_clock(claimed: Claim, now: datetime) -> None:
    """A clock of a case runs out."""
    cases.clock_rings(clock=claimed.subject, by=CLOCKWORK, now=now)


def case_clock_near(claimed: Claim, now: datetime) -> None:
    """A clock of a case runs out soon."""
    cases.clock_near(reminder=claimed.subject, by=CLOCKWORK, now=now)


def handover_over(claimed: Claim, now: datetime) -> None:
    """The time of an offer to fetch a production is over."""
    productions.handover_over(handover=claimed.subject, by=CLOCKWORK, now=now)


def production_kept(claimed: Claim, now: datetime) -> None:
    """The retention of a production is over."""
    productions.keep_over(production=claimed.subject, by=CLOCKWORK, now=now)


def legal_hold_ended(claimed: Claim, now: datetime) -> None:
    """A legal hold was ended."""
    productions.hold_ended(matter=claimed.subject, by=CLOCKWORK, now=now)


def hold_lapses(claimed: Claim, now: datetime) -> None:
    """Nothing followed a deficiency letter in time."""
    demands.holds_lapse(demand=claimed.subject, by=CLOCKWORK, now=now)


def quote_lapses(claimed: Claim, now: datetime) -> None:
    """A quoted fee was not accepted in time."""
    demands.quote_lapses(quote=claimed.subject, by=CLOCKWORK, now=now)


def order_quote_lapses(claimed: Claim, now: datetime) -> None:
    """The price of an order was not accepted in time."""
    billing.order_quote_lapses(quote=claimed.subject, by=CLOCKWORK, now=now)


def order_priced_again(claimed: Claim, now: datetime) -> None:
    """An order changed after its agency was told the price."""
    billing.price_order_again(case=claimed.subject, by=CLOCKWORK, now=now)


def withdrawal_settles(claimed: Claim, now: datetime) -> None:
    """A withdrawal can no longer be undone."""
    demands.settle(demand=claimed.subject, by=CLOCKWORK, now=now)


def draft_over(claimed: Claim, now: datetime) -> None:
    """The time of an unsent draft is over."""
    demands.draft_over(draft=claimed.subject, by=CLOCKWORK, now=now)


def customer_due(claimed: Claim, now: datetime) -> None:
    """The day may have come on which a customer is told."""
    demands.customer_due(rings=claimed.subject, by=CLOCKWORK, now=now)


def customer_waited(claimed: Claim, now: datetime) -> None:
    """The time after a notice to a customer is over."""
    demands.customer_waited(owed=claimed.subject, by=CLOCKWORK, now=now)


def gag_rings(claimed: Claim, now: datetime) -> None:
    """A gag ends soon, or has ended."""
    demands.gag_rings(demand=claimed.subject, by=CLOCKWORK, now=now)


def preservation_warns(claimed: Claim, now: datetime) -> None:
    """A preservation ends soon."""
    demands.preservation_warns(preservation=claimed.subject, by=CLOCKWORK, now=now)


def preservation_ends(claimed: Claim, now: datetime) -> None:
    """A preservation is over."""
    demands.preservation_ends(preservation=claimed.subject, by=CLOCKWORK, now=now)


def subscribers_stale(claimed: Claim, now: datetime) -> None:
    """The list of subscribers of a source is older than the guide allows."""
    subscribers.grown_old(source=claimed.subject, by=CLOCKWORK, now=now)


def code_asked(claimed: Claim, now: datetime) -> None:
    """Somebody asked for a code."""
    vetting.send_code(code=claimed.subject, by=CLOCKWORK, now=now)


def unanswered(claimed: Claim, now: datetime) -> None:
    """A support request waits longer than the guide says."""
    support.late(thread=claimed.subject, by=CLOCKWORK, now=now)


def hold_over(claimed: Claim, now: datetime) -> None:
    """A hold of call-detail records has come to its end."""
    records.hold_over(hold=claimed.subject, by=CLOCKWORK, now=now)


def production_left(claimed: Claim, now: datetime) -> None:
    """A production was released; the demand or the emergency it answers follows."""
    if not demands.released(production=claimed.subject, by=CLOCKWORK, now=now):
        exigent.released(production=claimed.subject, by=CLOCKWORK, now=now)


def reminder_due(claimed: Claim, now: datetime) -> None:
    """An invoice is overdue."""
    billing.remind(invoice=claimed.subject, by=CLOCKWORK, now=now)


def arrears_due(claimed: Claim, now: datetime) -> None:
    """An agency is overdue, or overdue for longer."""
    billing.judge_arrears(agency=claimed.subject, by=CLOCKWORK, now=now)


def orders_settle(claimed: Claim, now: datetime) -> None:
    """Something happened to a surveillance; its orders and receipts follow."""
    orders.settle(surveillance=claimed.subject, by=CLOCKWORK, now=now)
    exigent.turned(surveillance_id=claimed.subject, by=CLOCKWORK, now=now)


def exigent_reminds(claimed: Claim, now: datetime) -> None:
    """What must follow an emergency is still missing."""
    exigent.remind(reminder=claimed.subject, by=CLOCKWORK, now=now)


def exigent_due(claimed: Claim, now: datetime) -> None:
    """What must follow an emergency did not come in time."""
    exigent.due(follow_up=claimed.subject, by=CLOCKWORK, now=now)


def location_over(claimed: Claim, now: datetime) -> None:
    """Permission to locate has come to its end."""
    exigent.location_over(decision=claimed.subject, by=CLOCKWORK, now=now)


def trail_unverified(claimed: Claim, now: datetime) -> None:
    """No check found the trail good for too long."""
    assurance.unverified(claimed, by=CLOCKWORK, now=now)


def invariant_pages(claimed: Claim, now: datetime) -> None:
    """An invariant does not hold."""
    assurance.page(claimed, by=CLOCKWORK, now=now)


def invariant_wakes(claimed: Claim, now: datetime) -> None:
    """An invariant does not hold that cannot wait for the morning, or holds again; or nobody watches."""
    assurance.wake(claimed, by=CLOCKWORK, now=now)


def watch_silent(claimed: Claim, now: datetime) -> None:
    """Nobody watches the invariants."""
    assurance.fell_silent(by=CLOCKWORK, now=now)


TABLE: Mapping[str, Handler] = {
    "exigent.remind": exigent_reminds,
    "exigent.due": exigent_due,
    "exigent.location_over": location_over,
    "order.settle": orders_settle,
    "production.left": production_left,
    "demand.hold_lapses": hold_lapses,
    "demand.quote_lapses": quote_lapses,
    "order.quote_lapses": order_quote_lapses,
    "order.price_again": order_priced_again,
    "demand.draft_over": draft_over,
    "demand.withdrawal_settles": withdrawal_settles,
    "demand.customer_due": customer_due,
    "demand.customer_waited": customer_waited,
    "demand.gag_near": gag_rings,
    "demand.gag_over": gag_rings,
    "preservation.warns": preservation_warns,
    "preservation.ends": preservation_ends,
    "account.link_expires": link_expires,
    "account.attest_due": attestation_due,
    "account.attest_lapsed": attestation_lapsed,
    "account.inactive": inactive,
    "account.bounced": bounced,
    "billing.reminder": reminder_due,
    "billing.arrears": arrears_due,
    "breach.clock_near": clock_rings,
    "breach.clock_over": clock_rings,
    "subscribers.stale": subscribers_stale,
    "support.unanswered": unanswered,
    "records.hold_over": hold_over,
    "vetting.code_asked": code_asked,
    "vetting.promised": promised,
    "case.clock": case_clock,
    "case.clock_near": case_clock_near,
    "production.handover_over": handover_over,
    "production.keep_over": production_kept,
    "trail.unverified": trail_unverified,
    "invariant.page": invariant_pages,
    "invariant.wake": invariant_wakes,
    "watch.silent": watch_silent,
    "case.hold_ended": legal_hold_ended,
    "mail.route": routing.route,
}
