"""A fee that the agency must accept first (R-105): quoted by the guide, accepted exactly as shown, kept for the invoice."""

import itertools
import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import ClockState, Direction, GateState, QuoteState
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Answer, hooking
from tecum.demands.rules.withdrawing import Asking
from tecum.demands.states import DemandState, Outcome
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import Deadline, Demand, DemandHold, FeeQuote, Matter, Notice, TrailLeaf
from tecum.policy import queries as policy
from tecum.process.facts import Said
from tests import make
from tests.make import NOON, acting
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
HOME = "marrow.example.gov"
AUGUST = Period(NOON - timedelta(days=20), NOON - timedelta(days=5))
SUBPOENA = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", signer="A. Fairlamb",
    issued_on=date(2026, 9, 3), entity="Nextel Communications", country="US", gag=False,
    words="request to capture the incoming and outgoing call detail records thru the Fraudbuster Database",
)  # fmt: skip


@pytest.fixture(autouse=True)
def carrier(settings):
    settings.TECUM_GUIDE = "wireless-2003"


@pytest.fixture
def analyst():
    return make.analyst()


@pytest.fixture
def home():
    return make.agency(domain=HOME)


@pytest.fixture
def vane(home):
    return make.person(agency=home, email=f"vane@{HOME}")


def confirmed(analyst, home, *people, numbers=("2925550142",), product="fraudbuster", said=SUBPOENA):
    """Receive a demand and let an analyst confirm what it says; return its case."""
    got = demands.receive(
        channel="fax", received_at=NOON, said=said, contact=Contact(name="Det. Vane", email=f"vane@{HOME}"), agency=home.id,
        targets=[Asked(number, AUGUST, product, words="item 1") for number in numbers],
        people=tuple(acting(each).ref for each in people), by=SYSTEM, now=NOON,
    )  # fmt: skip
    demands.take(case=got.case, by=analyst, now=NOON)
    demands.confirm(case=got.case, said=said, targets=[], by=analyst, now=NOON)
    return got.case


def quote_of(case):
    """Return the quote that counts: the one that is open, else the last that was answered."""
    found = files.quotes(case=case, by=SYSTEM, now=NOON)
    return max(
        found,
        key=lambda each: (each.state is QuoteState.OFFERED, each.how != "replaced", each.settled_at or NOON),
    )


def yes(quote, **more):
    return Answer(True, quote.digest, "portal", **more)


def gate_states(case):
    return [each.state for each in files.gates(case=case, by=SYSTEM, now=NOON)]


def ready(case, analyst):
    """Let everything but the fee be decided."""
    demands.accept(case=case, despite="read by hand", by=analyst, now=NOON)
    for each in files.targets(case=case, by=analyst, now=NOON):
        demands.choose(
            case=case, target=each.id, holders=["unknown"], withheld=False, reason="Seen on the bill.", by=analyst, now=NOON
        )  # fmt: skip


@pytest.mark.requirement("R-105")
def test_a_fraudbuster_report_is_quoted_at_fifty_dollars_a_number_and_waits_for_the_agency(analyst, home):
    case = confirmed(analyst, home, numbers=("2925550142", "2925550143"))
    ready(case, analyst)
    quote = quote_of(case)

    with pytest.raises(cases.GateOpen, match="acceptance of the fee"):
        demands.propose_scope(case=case, by=analyst, now=NOON)

    assert (quote.state, quote.low, quote.high) == (QuoteState.OFFERED, *[Money(Decimal("100.00"))] * 2)
    assert [(line.fee, line.unit_price, line.low) for line in quote.lines] == [
        ("fraudbuster", "50.00", "100.00")
    ]
    assert DemandHold.objects.filter(demand__case=case, lifted_at=None).count() == 2
    assert (
        len(files.quotes(case=case, by=SYSTEM, now=NOON)) == 1
    )  # asked once, however often the review goes on


@pytest.mark.requirement("R-105")
def test_a_program_of_the_agency_hears_that_a_quote_waits_and_not_how_much(analyst, home, vane, monkeypatch):
    heard = []
    monkeypatch.setattr(hooking, "door_open", lambda door, *, now: True)
    monkeypatch.setattr(
        hooking, "tell_hooks", lambda kind, **more: heard.append((kind, more["owner"], more["data"])) or 1
    )

    case = confirmed(analyst, home, vane)

    quote = quote_of(case)
    (data,) = [
        data for kind, owner, data in heard if kind == "demand.quote_waits" and owner == acting(vane).ref
    ]
    assert (data["quote"], data["demand"]) == (quote.reference, case)
    assert "50" not in data["until"].partition("T")[0] and set(data) == {
        "demand",
        "reference",
        "quote",
        "until",
    }


def test_an_officer_on_the_list_accepts_it_with_one_button_and_the_work_goes_on(analyst, home, vane):
    case = confirmed(analyst, home, vane)
    ready(case, analyst)
    quote = quote_of(case)

    demands.answer_fee(quote=quote.id, answer=yes(quote), by=acting(vane), now=NOON)
    proposal = demands.propose_scope(case=case, by=analyst, now=NOON)

    kept = quote_of(case)
    assert proposal and gate_states(case) == [GateState.CLOSED]
    assert (kept.state, kept.how, kept.settled_by) == (QuoteState.ACCEPTED, "portal", acting(vane).ref)
    assert vane.name in kept.given
    names = [leaf.event for leaf in TrailLeaf.objects.order_by("pk")]
    assert {"fee.accepted", "case.quote_settled", "case.gate_closed"} <= set(names)


def test_a_colleague_who_is_not_on_the_list_and_another_agency_accept_nothing(analyst, home, vane):
    case = confirmed(analyst, home, vane)
    quote = quote_of(case)
    strangers = [make.person(agency=home, email=f"lt@{HOME}"), make.officer()]

    for each in strangers:
        with pytest.raises(NotYours):
            demands.answer_fee(quote=quote.id, answer=yes(quote), by=acting(each), now=NOON)
    with pytest.raises(NotYours):
        demands.answer_fee(
            quote=quote.id, answer=replace(yes(quote), how="telephone"), by=acting(vane), now=NOON
        )

    assert quote_of(case).state is QuoteState.OFFERED


@pytest.mark.requirement("R-105")
def test_what_is_accepted_is_exactly_what_was_shown(analyst, home, vane):
    case = confirmed(analyst, home, vane)
    shown = quote_of(case)
    cases.add_target(case=case, asked=Asked("2925550143", AUGUST, "fraudbuster"), by=analyst, now=NOON)
    demands.ask_fee(case=case, by=analyst, now=NOON)
    now_asked = quote_of(case)

    with pytest.raises(cases.CannotSettleQuote):
        demands.answer_fee(quote=shown.id, answer=yes(shown), by=acting(vane), now=NOON)
    with pytest.raises(cases.CannotSettleQuote, match="not the one that you saw"):
        demands.answer_fee(quote=now_asked.id, answer=yes(shown), by=acting(vane), now=NOON)

    assert now_asked.high == Money(Decimal("100.00"))
    states = {each.id: each.state for each in files.quotes(case=case, by=SYSTEM, now=NOON)}
    assert states == {shown.id: QuoteState.REPLACED, now_asked.id: QuoteState.OFFERED}


@pytest.mark.sabotage("the digest of a quote")
def test_without_the_digest_a_dearer_quote_would_pass_as_the_one_that_was_seen(
    analyst, home, vane, monkeypatch
):
    case = confirmed(analyst, home, vane)
    shown = quote_of(case)
    monkeypatch.setattr("tecum.cases.operations.quotes.digest", lambda offer: shown.digest)
    cases.add_target(case=case, asked=Asked("2925550143", AUGUST, "fraudbuster"), by=analyst, now=NOON)
    demands.ask_fee(case=case, by=analyst, now=NOON)

    now_asked = quote_of(case).id
    demands.answer_fee(quote=now_asked, answer=yes(shown), by=acting(vane), now=NOON)

    (paid,) = [each for each in files.quotes(case=case, by=SYSTEM, now=NOON) if each.id == now_asked]
    assert (paid.high, paid.state) == (Money(Decimal("100.00")), QuoteState.ACCEPTED)


@pytest.mark.requirement("R-105")
def test_a_target_added_after_the_acceptance_is_quoted_by_itself_and_the_accepted_price_stands(
    analyst, home, vane
):
    case = confirmed(analyst, home, vane)
    first = quote_of(case)
    demands.answer_fee(quote=first.id, answer=yes(first), by=acting(vane), now=NOON)
    added = cases.add_target(
        case=case, asked=Asked("2925550143", AUGUST, "fraudbuster"), by=analyst, now=NOON
    )
    ready(case, analyst)

    with pytest.raises(cases.GateOpen):
        demands.propose_scope(case=case, by=analyst, now=NOON)

    after = quote_of(case)
    (before,) = [each for each in files.quotes(case=case, by=SYSTEM, now=NOON) if each.id != after.id]
    assert (before.state, after.state) == (QuoteState.ACCEPTED, QuoteState.OFFERED)
    assert after.targets == (added.id,) and after.high == Money(Decimal("50.00"))
    assert files.accepted_quote(case=case, target=first.targets[0], by=SYSTEM, now=NOON).id == before.id
    assert files.accepted_quote(case=case, target=added.id, by=SYSTEM, now=NOON) is None


def test_a_fee_that_nobody_asked_for_holds_the_scope_back_too(analyst, home):
    case = confirmed(analyst, home, product="basic_subscriber")
    ready(case, analyst)
    cases.add_target(case=case, asked=Asked("2925550143", AUGUST, "fraudbuster"), by=analyst, now=NOON)

    with pytest.raises(demands.FeeNotAsked, match="send it the quote"):
        demands.propose_scope(case=case, by=analyst, now=NOON)

    assert queries.fees_to_ask(case=case, by=analyst, now=NOON)[0].gate.id == "fraudbuster-fee"


@pytest.mark.sabotage("R-105")
def test_without_the_gate_the_report_would_be_scoped_for_nothing(analyst, home, monkeypatch):
    case = confirmed(analyst, home)
    ready(case, analyst)
    monkeypatch.setattr("tecum.demands.operations.scoping.refuse_while_gated", lambda *_, **__: None)

    assert demands.propose_scope(case=case, by=analyst, now=NOON)


@pytest.mark.requirement("R-105")
def test_an_accepted_quote_keeps_its_schedule_when_the_prices_change(analyst, home, vane, monkeypatch):
    case = confirmed(analyst, home, vane)
    quote = quote_of(case)
    demands.answer_fee(quote=quote.id, answer=yes(quote), by=acting(vane), now=NOON)
    guide = policy.at(NOON)
    dearer = tuple(replace(fee, amount=Decimal(75)) if fee.id == "fraudbuster" else fee for fee in guide.fees)
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, fees=dearer))

    demands.ask_fee(case=case, by=analyst, now=NOON + timedelta(days=1))

    kept = files.accepted_quote(case=case, target=quote.targets[0], by=SYSTEM, now=NOON)
    assert kept.high == Money(Decimal("50.00")) and kept.guide_version == guide.version
    assert len(files.quotes(case=case, by=SYSTEM, now=NOON)) == 1


def test_staff_write_an_answer_down_only_with_who_gave_it_and_what_proves_it(analyst, home):
    case = confirmed(analyst, home)
    quote = quote_of(case)
    letter = cases.write_down(
        case=case, direction=Direction.IN, channel="fax", said={"subject": "Agreed"}, at=NOON, by=analyst, now=NOON
    )  # fmt: skip
    other = make.legal_case()
    elsewhere = cases.write_down(
        case=other.id, direction=Direction.IN, channel="fax", said={"subject": "-"}, at=NOON, by=SYSTEM, now=NOON
    )  # fmt: skip
    heard = Answer(True, quote.digest, "fax", f"vane@{HOME}", letter)
    wrong = [
        replace(heard, said_by=" "), replace(heard, evidence=""), replace(heard, evidence=elsewhere),
        replace(heard, how="portal"), replace(heard, how="telephone", evidence=""),
    ]  # fmt: skip

    for each in wrong:
        with pytest.raises(demands.CannotAnswerFee):
            demands.answer_fee(quote=quote.id, answer=each, by=analyst, now=NOON)
    demands.answer_fee(quote=quote.id, answer=heard, by=analyst, now=NOON)

    kept = quote_of(case)
    assert (kept.state, kept.how, kept.evidence) == (QuoteState.ACCEPTED, "fax", letter)
    assert files.gates(case=case, by=SYSTEM, now=NOON)[0].evidence == letter


def test_a_call_leaves_its_words_in_the_correspondence_as_the_evidence(analyst, home):
    case = confirmed(analyst, home)
    quote = quote_of(case)

    demands.answer_fee(
        quote=quote.id, answer=Answer(True, quote.digest, "telephone", "292-555-0150", words="Lt. Marsh agreed."), by=analyst,
        now=NOON,
    )  # fmt: skip

    (entry,) = [
        each for each in files.entries(case=case, by=SYSTEM, now=NOON) if each.direction is Direction.IN
    ]
    assert entry.said["text"] == "Lt. Marsh agreed." and quote_of(case).evidence == entry.id


def test_somebody_whom_the_agency_does_not_name_accepts_nothing_for_it(analyst, home, monkeypatch):
    case = confirmed(analyst, home)
    quote = quote_of(case)
    monkeypatch.setattr("tecum.agencies.queries.honoured", lambda **_: False)

    with pytest.raises(cases.OutsideRegister):
        demands.answer_fee(
            quote=quote.id, answer=Answer(True, quote.digest, "telephone", "292-555-0150", words="Yes."), by=analyst, now=NOON
        )  # fmt: skip

    assert quote_of(case).state is QuoteState.OFFERED


@pytest.mark.requirement("R-105")
def test_refused_the_report_is_left_out_its_hold_ends_and_the_rest_goes_on(analyst, home, vane):
    case = confirmed(analyst, home, vane)
    cases.add_target(case=case, asked=Asked("2925550143", AUGUST, "basic_subscriber"), by=analyst, now=NOON)
    ready(case, analyst)
    demands.hold_waiting(case=case, reason="all of it", by=analyst, now=NOON)
    quote = quote_of(case)

    demands.answer_fee(quote=quote.id, answer=replace(yes(quote), accepts=False), by=acting(vane), now=NOON)

    lines = {line.product: line for line in queries.lines(case=case, by=analyst, now=NOON)}
    assert lines["fraudbuster"].outcome is Outcome.WITHHELD and "R-105" in lines["fraudbuster"].because
    assert lines["basic_subscriber"].outcome is not Outcome.WITHHELD
    assert gate_states(case) == [GateState.DENIED]
    assert not DemandHold.objects.filter(demand__case=case, lifted_at=None, ends_at=AUGUST.end).count() > 1
    assert demands.propose_scope(case=case, by=analyst, now=NOON)


def test_a_refusal_taken_back_by_the_desk_is_asked_again(analyst, home, vane):
    case = confirmed(analyst, home, vane)
    quote = quote_of(case)
    demands.answer_fee(quote=quote.id, answer=replace(yes(quote), accepts=False), by=acting(vane), now=NOON)

    demands.choose(
        case=case, target=quote.targets[0], holders=[], withheld=False, reason="", by=analyst, now=NOON + timedelta(hours=1)
    )  # fmt: skip

    assert quote_of(case).id != quote.id and quote_of(case).state is QuoteState.OFFERED


def test_a_quote_lapses_when_its_time_is_over_and_is_accepted_no_more(analyst, home, vane, monkeypatch):
    guide = policy.at(NOON)
    (fee,) = guide.gates
    month = replace(fee, lapses_after=guide.demands.undo_withdrawal)  # a day
    monkeypatch.setattr(policy, "at", lambda now: replace(guide, gates=(month,)))
    case = confirmed(analyst, home, vane)
    quote = quote_of(case)
    assert Deadline.objects.filter(kind="demand.quote_lapses", subject=quote.id).exists()

    early = demands.quote_lapses(quote=quote.id, by=SYSTEM, now=quote.ends_at - timedelta(minutes=1))
    with pytest.raises(cases.CannotSettleQuote, match="time ended"):
        demands.answer_fee(quote=quote.id, answer=yes(quote), by=acting(vane), now=quote.ends_at)
    lapsed = demands.quote_lapses(quote=quote.id, by=SYSTEM, now=quote.ends_at)
    again = demands.quote_lapses(quote=quote.id, by=SYSTEM, now=quote.ends_at)

    assert (early, lapsed, again) == (False, True, False)
    assert quote_of(case).state is QuoteState.LAPSED
    assert {line.outcome for line in queries.lines(case=case, by=analyst, now=NOON)} == {Outcome.WITHHELD}


def test_a_withdrawn_demand_asks_for_nothing_more_and_taken_back_it_asks_again(analyst, home, vane):
    case = confirmed(analyst, home, vane)

    demands.withdraw(case=case, how="portal", by=acting(vane), now=NOON)
    withdrawn = quote_of(case).state
    demands.undo(case=case, by=acting(vane), now=NOON + timedelta(hours=1))

    assert withdrawn is QuoteState.REPLACED
    assert quote_of(case).state is QuoteState.OFFERED
    assert DemandState(Demand.objects.get(case=case).state) is DemandState.IN_REVIEW


def test_counsel_waives_a_fee_with_a_reason_and_the_work_goes_on(analyst, home):
    case = confirmed(analyst, home)
    ready(case, analyst)
    quote = quote_of(case)

    with pytest.raises(cases.CannotClose):
        demands.waive_fee(quote=quote.id, reason=" ", by=analyst, now=NOON)
    demands.waive_fee(quote=quote.id, reason="A child is missing.", by=analyst, now=NOON)

    assert demands.propose_scope(case=case, by=analyst, now=NOON)
    assert files.accepted_quote(case=case, target=quote.targets[0], by=SYSTEM, now=NOON) is None


def test_the_database_keeps_one_quote_at_a_time_and_who_settled_it(analyst, home):
    case = confirmed(analyst, home)
    row = FeeQuote.objects.get(case=case)
    twin = FeeQuote.objects.get(pk=row.pk)
    twin.pk, twin.reference = "x" * 26, "QUOTE-0000-0000"

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        FeeQuote.objects.filter(pk=row.pk).update(state="ACCEPTED")


# by mail, under a guide that has mailboxes


@pytest.fixture
def by_mail(settings, analyst, home, vane, monkeypatch):
    """A demand under the guide with mailboxes, whose quote was mailed; return its case."""
    guide = policy.at(NOON)
    settings.TECUM_GUIDE = "example"
    mailing = policy.at(NOON)
    settings.TECUM_GUIDE = "wireless-2003"
    both = replace(
        guide,
        mailboxes=mailing.mailboxes,
        demands=mailing.demands,
        wording={**mailing.wording, **guide.wording},
    )
    monkeypatch.setattr(policy, "at", lambda now: both)
    return confirmed(analyst, home, vane)


def test_the_quote_is_mailed_without_any_number_and_says_how_to_accept(by_mail):
    (letter,) = Notice.objects.filter(message="fee_quote")
    quote = quote_of(by_mail)

    assert letter.recipient == f"vane@{HOME}"
    assert quote.reference in letter.text and "$50.00" in letter.text
    assert "555" not in letter.text and "2925" not in letter.text


def judged(case, text, *, sender=f"vane@{HOME}", proven=True, automatic=False):
    asking = Asking(sender, proven, automatic, frozenset())
    entry = cases.write_down(
        case=case, direction=Direction.IN, channel="email", said={"subject": "Re"}, at=NOON, by=SYSTEM, now=NOON
    )  # fmt: skip
    return demands.answer_fee_by_mail(case=case, asking_=asking, text=text, entry=entry, by=SYSTEM, now=NOON)


@pytest.mark.requirement("R-105")
def test_a_proven_officer_on_the_list_accepts_by_one_line_of_mail(by_mail):
    quote = quote_of(by_mail)

    told = judged(
        by_mail,
        f"We accept {quote.reference}.\n\nCora Vane\nDetective\n\n> To agree, open the case. REFUSE it",
    )

    assert told == "accepted"
    assert (quote_of(by_mail).state, quote_of(by_mail).how) == (QuoteState.ACCEPTED, "mail")
    assert quote_of(by_mail).evidence


def test_refused_by_mail_it_is_left_out(by_mail):
    assert judged(by_mail, f"REFUSE {quote_of(by_mail).reference}") == "refused"
    assert quote_of(by_mail).state is QuoteState.REFUSED


@pytest.mark.parametrize(
    "words",
    [
        "We accept {quote}, but only up to $40.", "We do not accept {quote}.", "ACCEPT {quote}\nif it is not more than $50",
        "Do we accept {quote}?", "> ACCEPT {quote}", "ACCEPT", "ACCEPT QUOTE-0000-0000", "fine with us, {quote}",
        "ACCEPT {quote}\nREFUSE {quote}", "Please accept {quote}", "On Monday, records wrote:\nACCEPT {quote}", "",
    ],
)  # fmt: skip
def test_what_is_not_one_plain_line_is_left_to_a_person(by_mail, words):
    assert judged(by_mail, words.format(quote=quote_of(by_mail).reference)) == ""
    assert quote_of(by_mail).state is QuoteState.OFFERED


def test_of_a_thousand_mails_of_strangers_and_forgers_none_accepts(by_mail):
    quote = quote_of(by_mail)
    senders = [
        f"vane@{HOME}", f"VANE@{HOME}", f"lt@{HOME}", f"vane@{HOME}.example.net", "vane@rnarrow.example.gov",
        f"vane+x@{HOME}", "x@other.example.net",
    ]  # fmt: skip
    words = [f"ACCEPT {quote.reference}", f"We accept {quote.reference}.", f"I accept the {quote.reference}"]
    every = [
        one
        for one in itertools.product(senders, (True, False), (True, False), words, range(20))
        if not (one[0].casefold() == f"vane@{HOME}" and one[1] and not one[2])
    ]

    told = {
        judged(by_mail, text, sender=sender, proven=proven, automatic=automatic)
        for sender, proven, automatic, text, _ in random.Random(7).sample(every, size(ci=60, proof=1_000))
    }

    assert told == {""}
    assert quote_of(by_mail).state is QuoteState.OFFERED


def test_of_a_sealed_case_nothing_is_accepted_by_mail(by_mail):
    Matter.objects.filter(pk=files.case(case=by_mail, by=SYSTEM, now=NOON).matter).update(sealed=True)

    assert judged(by_mail, f"ACCEPT {quote_of(by_mail).reference}") == ""


def test_the_clock_of_the_answer_stands_still_while_the_agency_decides(by_mail):
    before = {each.state for each in files.clocks(case=by_mail, by=SYSTEM, now=NOON)}
    judged(by_mail, f"ACCEPT {quote_of(by_mail).reference}")
    after = {each.state for each in files.clocks(case=by_mail, by=SYSTEM, now=NOON)}

    expected = {ClockState.PAUSED} if policy.at(NOON).demands.pauses == "any_letter" else {ClockState.RUNNING}
    assert before in (expected, set()) and after in ({ClockState.RUNNING}, set())
