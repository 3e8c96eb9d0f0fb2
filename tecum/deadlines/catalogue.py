"""Every kind of deadline: what it is for, who works on it (its lane), how often it is tried."""

from dataclasses import dataclass
from datetime import timedelta

from tecum.deadlines.rules import LONGEST_PAUSE


@dataclass(frozen=True, slots=True)
class Kind:
    """
    One kind of deadline; `lease` is longer than its longest honest run, `attempts` precede the dead letter.

    `pause` is the longest between two attempts: somebody's life does not wait a quarter of an hour for a database.
    """

    meaning: str
    lane: str = "ordinary"
    lease: timedelta = timedelta(minutes=2)
    attempts: int = 8
    pause: timedelta = LONGEST_PAUSE


KINDS: dict[str, Kind] = {
    "mail.judge_urgent": Kind("A message that speaks of an emergency is to be read", lane="mail-urgent"),
    "mail.judge": Kind("A message received is to be read", lane="mail"),
    "mail.judge_bulk": Kind("A message of a storm is to be read, after all others", lane="mail-bulk"),
    "mail.rings": Kind(
        "A message came to the mailbox of emergencies: the on-call ladder begins",
        lane="oncall",
        attempts=1_000,
    ),
    "mail.route": Kind("A message is to be handed on to what its class means", lane="mail-route"),
    "account.link_expires": Kind("The time of a single-use link is over (R-066)"),
    "account.attest_due": Kind("A supervisor's confirmation of a person runs out soon (W10)"),
    "account.attest_lapsed": Kind("A supervisor's confirmation of a person has run out (W10)"),
    "account.inactive": Kind("An account has not been signed in to for as long as the guide allows"),
    "account.bounced": Kind("A notice came back; the address may take no mail any more"),
    "breach.clock_near": Kind("An end of a breach comes near, and somebody is not told yet (47 CFR 64.2011)"),
    "breach.clock_over": Kind("An end of a breach has passed, and somebody is not told yet"),
    "subscribers.stale": Kind("The list of subscribers is older than the guide allows"),
    "trail.unverified": Kind("No check has found the trail good for longer than the guide allows"),
    "invariant.page": Kind(
        "An invariant does not hold; whoever watches over it is told (control 3)", lane="watch-page"
    ),
    "invariant.wake": Kind(
        "What cannot wait for the morning was found, or is over: whoever is on call is paged, or let be (control 3)",
        lane="watch-page",
        attempts=1_000,
        pause=timedelta(minutes=1),
    ),
    "watch.silent": Kind(
        "The watcher of the invariants was not heard from in time (control 3)", lane="watch-page"
    ),
    "support.unanswered": Kind("A support request waits longer than the guide says"),
    "records.hold_over": Kind("A hold of call-detail records has come to its end"),
    "vetting.code_asked": Kind("A code is to be sent to an address that has to be proved (R-060)"),
    "vetting.promised": Kind("An application waits longer than the window that was promised (R-059, C7)"),
    "process.gather": Kind("The papers of a legal demand are to be taken out of its message", lane="papers"),
    "case.clock": Kind("A clock of a case runs out"),
    "case.clock_near": Kind("A clock of a demand runs out soon; whoever works on it is reminded"),
    "production.make": Kind(
        "The package of a production is to be made", lane="production", lease=timedelta(minutes=30)
    ),
    "production.handover_over": Kind("The time of an offer to fetch a production is over"),
    "production.left": Kind("A production was released: the demand it answers is to be ended"),
    "case.hold_ended": Kind("A legal hold was ended: what only it kept goes (A14)"),
    "production.keep_over": Kind("The retention of a production is over (A14)"),
    "demand.search": Kind(
        "What a scope grants is to be searched and put together",
        lane="searches",
        lease=timedelta(minutes=30),
        attempts=4,
    ),
    "demand.hold_lapses": Kind(
        "The holds of a defective demand end: nothing followed the letter (decisions, E)"
    ),
    "order.price_again": Kind("An order changed after the agency was told its price: what is new is priced"),
    "order.quote_lapses": Kind(
        "The price of an order was not accepted in time: nothing starts on it (R-105)"
    ),
    "demand.quote_lapses": Kind("A quoted fee was not accepted in time; what it was for is left out (R-105)"),
    "demand.draft_over": Kind("The time of an unsent draft of a demand is over: it goes, with its files"),
    "demand.withdrawal_settles": Kind("A withdrawal can no longer be undone; its holds end (D11)"),
    "demand.customer_due": Kind("It is looked at whether a customer is to be told of a demand now"),
    "demand.customer_waited": Kind("A customer was told, and the time before the production is over"),
    "demand.gag_near": Kind("A gag ends soon"),
    "demand.gag_over": Kind("A gag has ended; the customer may have to be told"),
    "preservation.warns": Kind("A preservation ends soon; the agency is told (18 USC 2703(f))"),
    "order.settle": Kind(
        "Something happened to a surveillance that its orders and their receipts must follow (R-131)"
    ),
    "exigent.gather": Kind(
        "What an emergency discloses is to be searched and put together",
        lane="emergencies",
        lease=timedelta(minutes=10),
    ),
    "exigent.remind": Kind(
        "What must follow an emergency is still missing; agency and desk are reminded", attempts=1_000
    ),
    "exigent.due": Kind("What must follow an emergency did not come in time (R-097, R-180)", attempts=1_000),
    "exigent.location_over": Kind("Permission to locate a target has come to its end (D7)", attempts=1_000),
    "surveillance.end": Kind(
        "A tap has come to its end: the only thing that cuts by the clock (control 1)",
        lane="terminate",
        lease=timedelta(seconds=30),
        attempts=30_000,
    ),
    "billing.reminder": Kind("An invoice is overdue: the agency is reminded"),
    "billing.arrears": Kind(
        "An agency's oldest invoice is overdue, or overdue for long enough that the guide changes something"
    ),
    "surveillance.off": Kind(
        "A tap is to be switched off on its switch",
        lane="terminate",
        lease=timedelta(seconds=30),
        attempts=30_000,
    ),
    "surveillance.on": Kind(
        "A tap is to be switched on, as two people approved",
        lane="switches",
        lease=timedelta(seconds=30),
        attempts=30_000,
    ),
    "surveillance.end_accept": Kind(
        "By now a technician has accepted to make a cut by hand (C4)", lane="surveillance", attempts=1_000
    ),
    "surveillance.recheck": Kind(
        "A technician is to look at a switch again", lane="surveillance", attempts=1_000
    ),
    "surveillance.notice": Kind(
        "A notice ahead of the end of a surveillance is due (R-127)", lane="surveillance", attempts=1_000
    ),
    "surveillance.month": Kind(
        "A month of a surveillance begins (R-142)", lane="surveillance", attempts=1_000
    ),
    "surveillance.raised": Kind(
        "A switch differs from what is desired, and staff are to be told", lane="surveillance", attempts=1_000
    ),
    "oncall.step": Kind(
        "A step of the on-call ladder fires (R-085 to R-087)",
        lane="oncall",
        lease=timedelta(seconds=30),
        attempts=30_000,
        pause=timedelta(seconds=20),
    ),
    "oncall.undelivered": Kind(
        "A page could not be delivered: the ladder must not wait for it",
        lane="oncall",
        attempts=30_000,
        pause=timedelta(seconds=20),
    ),
    "visit.waits": Kind(
        "A visit to a switching office waits for a date and time (R-154, R-157)",
        lane="surveillance",
        attempts=1_000,
    ),
    "surveillance.account": Kind(
        "The account of a target is about to end (R-147, R-149)", lane="surveillance", attempts=1_000
    ),
    "surveillance.record": Kind(
        "The record of an interception follows what its switches showed (47 CFR 1.20004)",
        lane="surveillance",
        attempts=1_000,
    ),
    "surveillance.record_unknown": Kind(
        "Something on a switch that nobody here put there is to be recorded (47 CFR 1.20004)",
        lane="surveillance",
        attempts=1_000,
    ),
    "surveillance.certify": Kind(
        "The record of an interception waits for its signature (47 CFR 1.20004)",
        lane="surveillance",
        attempts=1_000,
    ),
    "surveillance.report": Kind(
        "Agencies are to be told of a compromise (47 CFR 1.20003)", lane="surveillance", attempts=1_000
    ),
    "preservation.ends": Kind("A preservation ends, with its holds"),
}
