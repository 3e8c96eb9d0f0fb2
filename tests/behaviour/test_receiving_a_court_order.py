"""A court order from its arrival to an authority: receipt at once, review, the bill, the letter, the second person."""

from datetime import UTC, datetime, timedelta

import pytest

from tecum.deadlines import queries as deadlines
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Authority, CourtOrder, Notice, OrderReceipt
from tecum.process import operations as process
from tecum.process.facts import Brought
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.states import OrderState
from tests import orders as cast
from tests import subscribers
from tests.letters import arrived, letter
from tests.make import NOON
from tests.orders import NUMBER, RUIZ, administrator, by_fax, in_force, order_said, read, sound

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("bill"),
]

JOBS = Actor.system("jobs")


@pytest.mark.requirement("R-131", "R-165", "R-168", "R-169", "R-172", "R-173")
def test_every_order_gets_a_receipt_at_once_and_another_when_its_end_is_known():
    ada = administrator()
    case = by_fax(ada)

    (first,) = queries.receipts(case=case, by=ada, now=NOON)
    assert first.why == "received" and first.expires_at is None and first.sent_how == "email"
    read(case, ada)

    second, _ = queries.receipts(case=case, by=ada, now=NOON)
    assert second.why == "changed"
    assert second.expires_at == datetime(
        2026, 10, 4, 4, tzinfo=UTC
    )  # 4 September and thirty days, the first counted
    assert second.cut_at == datetime(
        2026, 10, 3, 3, tzinfo=UTC
    )  # Friday, 23:00: nobody cuts on a Sunday night
    letter = Notice.objects.get(pk=OrderReceipt.objects.latest("ordinal").notice)
    assert "Sun 4 October 2026, 00:00 EDT" in letter.text
    assert "Fri 2 October 2026, 23:00 EDT" in letter.text
    assert "(292) 555-0142" in letter.text and "Marrow County Sheriff" in letter.text
    for said in (
        "Pursuant to United States v. Gangi, 33 F.Supp.2d 303 (S.D.N.Y. 1999), and according to your order", "a court order from your agency for the above telephone(s)",
        "Billing Address: Marrow County Sheriff", "Contact Name: Det. Dana Ruiz", "Fax Number: (292) 555-0111",
        "Your order states a duration of: 30 days", "Your order states that it runs: from date of order",
        "regular business hours of Mon-Fri 08:00-23:00 (E.S.T.)", "unless an extension order is served beforehand",
        "verify the billing address above, and correct it by fax to (877) 293-9824", "(703) 433-4398",
    ):  # fmt: skip
        assert said in letter.text


def test_the_same_words_again_issue_no_second_receipt():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada)
    read(case, ada)

    assert OrderReceipt.objects.count() == 2


@pytest.mark.requirement("R-127")
def test_the_agency_is_told_in_writing_ahead_that_its_access_will_be_disabled():
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada, despite="")
    authority = in_force(case, ada, bo)
    due = {each.kind: each.due_at for each in deadlines.open_deadlines() if each.subject == authority}

    surveillance.notice_due(authority=authority, by=JOBS, now=due["surveillance.notice"])

    (letter,) = Notice.objects.filter(message="surveillance_ends")
    assert (letter.recipient, letter.enqueued_at) == (RUIZ.email, due["surveillance.notice"])
    assert due["surveillance.notice"] == datetime(
        2026, 9, 24, 4, tzinfo=UTC
    )  # seven business days before the end
    for said in ("intend", "disable", "Sun 4 Oct 2026, 12:00 a.m. E"):
        assert said in letter.text


@pytest.mark.requirement("R-111", "R-112")
def test_a_good_order_is_sound_and_becomes_an_authority_only_when_another_person_approves():
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada, despite="")

    authority = in_force(case, ada, bo)
    orders.settle(surveillance=_surveillance(authority), by=JOBS, now=NOON)

    row = CourtOrder.objects.get(case=case)
    assert row.state == OrderState.AUTHORISED and row.authority == authority


@pytest.mark.requirement("R-111")
def test_nothing_is_proposed_on_an_order_that_nobody_read_and_found_sound():
    ada = administrator()
    case = by_fax(ada)

    with pytest.raises(orders.CannotDecide, match="nobody has read it"):
        orders.accept(case=case, by=ada, now=NOON, despite="It looks good.")
    read(case, ada)
    with pytest.raises(orders.CannotPropose, match="Find the order sound first"):
        orders.propose(case=case, by=ada, now=NOON)

    assert not Authority.objects.exists()


@pytest.mark.requirement("R-117")
def test_an_order_without_an_end_is_never_sound():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=order_said(duration=""))

    with pytest.raises(orders.CannotDecide, match="no end"):
        orders.accept(case=case, by=ada, now=NOON, despite="Read.")
    assert any("expiration date" in each.sentence for each in _unmet(case, ada))


def test_an_order_longer_than_the_statute_allows_says_so_and_ends_by_the_law():
    ada = administrator()
    case = by_fax(ada)
    seen = read(case, ada, order=order_said(duration="90 days"))

    assert seen.expires_at == datetime(2026, 11, 3, 5, tzinfo=UTC)  # sixty days
    (found,) = [each for each in _unmet(case, ada) if each.code == "too_long"]
    assert "60 days" in found.sentence and found.citation == "18 USC 3123(c)"


@pytest.mark.requirement("R-112")
def test_an_order_dated_tomorrow_is_not_met():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, said=cast.process_said(issued_on=(NOON + timedelta(days=1)).date()))

    assert any("after the day it was received" in each.sentence for each in _unmet(case, ada))


@pytest.mark.requirement("R-112", "R-115")
@pytest.mark.parametrize(
    ("subject", "words"),
    [
        (
            ("2925550142", "", "", "Ann Jones", "4 Elm Ct, Reston VA 20191"),
            "name in the order does not agree",
        ),
        (("2925550199", "", "", "John Smith", "12 Oak Ln, Boise ID 83702"), "no subscriber of ours"),
    ],
)
def test_who_is_not_the_subscriber_leads_to_the_letter_that_the_order_must_be_modified(subject, words):
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=order_said(subjects=(cast.Subject(*subject),)))
    orders.match(case=case, by=ada, now=NOON)

    orders.find_deficient(case=case, by=ada, now=NOON, to=cast.RUIZ.email)

    letter = Notice.objects.get(message="order_modified")
    assert words in letter.text and "must be modified" in letter.text
    assert "Oak Ln" not in letter.text and "Elm Ct" not in letter.text  # what the bill holds never leaves
    assert CourtOrder.objects.get().state == OrderState.DEFICIENT


def test_a_number_that_was_ported_away_yesterday_is_no_subscriber_of_ours_any_more(carrier):
    ported = cast.SMITH.replace("2020-01-31,,A", "2020-01-31,2026-09-07,C")
    subscribers.load(carrier, [ported, cast.JONES], now=NOON)
    ada = administrator()
    case = by_fax(ada)
    read(case, ada)
    orders.match(case=case, by=ada, now=NOON)

    (matched,) = queries.of_case(case=case, by=ada, now=NOON).matched
    assert matched.verdict == "DOES_NOT_MATCH", matched.says
    orders.find_deficient(case=case, by=ada, now=NOON, to=cast.RUIZ.email)
    letter = Notice.objects.get(message="order_modified")
    assert "(292) 555-0142" in letter.text and "John Smith" not in letter.text
    assert CourtOrder.objects.get().state == OrderState.DEFICIENT


def test_a_number_that_is_not_in_service_any_more_is_no_subscriber_of_ours(carrier):
    left = cast.SMITH.replace("2020-01-31,,A", "2020-01-31,2024-03-31,C")
    subscribers.load(carrier, [left, cast.JONES], now=NOON)
    ada = administrator()
    case = by_fax(ada)
    read(case, ada)

    orders.match(case=case, by=ada, now=NOON)

    (matched,) = queries.of_case(case=case, by=ada, now=NOON).matched
    assert matched.verdict == "DOES_NOT_MATCH", matched.says
    assert any("no subscriber of ours" in each.sentence for each in _unmet(case, ada))


@pytest.mark.requirement("R-116")
def test_a_statute_of_another_type_of_surveillance_does_not_fit():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=order_said(statutes="18 U.S.C. § 2703(d)"))

    (found,) = {each.sentence for each in _unmet(case, ada) if each.code == "statutes"}
    assert "3121-3127" in found


def test_a_pen_register_order_never_carries_an_interception():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=cast.wiretap_said())
    orders.match(case=case, by=ada, now=NOON)

    with pytest.raises(process.CannotDecide, match="Title III"):
        orders.accept(case=case, by=ada, now=NOON, despite="I want to.")


@pytest.mark.requirement("R-121", "R-122", "R-125", "R-120")
def test_particulars_that_came_on_a_cover_sheet_complete_the_order():
    ada = administrator()
    case = by_fax(ada)
    short = cast.wiretap_said(dial_up_number="", switches=(), billing="")
    read(case, ada, order=short, said=cast.process_said(process="title_iii_order"))
    lacking = " ".join(each.sentence for each in _unmet(case, ada))
    assert "dial-up number" in lacking and "switches to be included" in lacking and "billing name" in lacking

    orders.add_papers(
        case=case, brought=[Brought("cover.pdf", cast.paper_of("Dial-up 392-555-0101"))], by=ada, now=NOON
    )
    read(case, ada, order=cast.wiretap_said(), said=cast.process_said(process="title_iii_order"))

    lacking = " ".join(each.sentence for each in _unmet(case, ada))
    assert "dial-up" not in lacking and "switches" not in lacking and "billing name" not in lacking


@pytest.mark.requirement("R-122")
def test_a_switch_that_is_not_ours_is_named():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=order_said(switches=("elsewhere-9",)))

    assert any("no switch “elsewhere-9”" in each.sentence for each in _unmet(case, ada))


@pytest.mark.requirement("R-134")
def test_a_corrected_billing_address_that_comes_back_by_fax_is_on_the_next_receipt():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada)
    corrected = "Marrow County Sheriff\nP.O. Box 9\nMarrow, OH 43001"

    orders.correct_billing(case=case, billing=corrected, channel="fax", by=ada, now=NOON)

    newest = queries.receipts(case=case, by=ada, now=NOON)[0]
    assert queries.billing_address(case) == "\n".join(line.strip() for line in corrected.strip().splitlines())
    assert newest.why == "corrected" and newest.content.values["billing_address"] == corrected.splitlines()


@pytest.mark.requirement("R-167")
def test_the_surveillance_password_is_sealed_told_apart_and_on_no_receipt():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, order=cast.wiretap_said(), said=cast.process_said(process="title_iii_order"))

    with pytest.raises(orders.CannotConfirm, match="not for passwords"):
        orders.tell_password(case=case, how="fax", password="9-Heron-4", by=ada, now=NOON)
    orders.tell_password(case=case, how="telephone", password="9-Heron-4", by=ada, now=NOON)

    row = CourtOrder.objects.get()
    assert b"Heron" not in bytes(row.password)
    newest = queries.receipts(case=case, by=ada, now=NOON)[0]
    assert newest.content.values["warrant_case_id"] == ["W-7"] and newest.content.values[
        "surveillance_id"
    ] == ["S-7"]
    assert "Heron" not in str(newest.content)


@pytest.mark.requirement("R-129")
def test_an_order_that_counts_from_its_implementation_has_a_provisional_end_that_is_never_late():
    ada = administrator()
    case = by_fax(ada)
    seen = read(case, ada, order=order_said(start="implementation"))

    assert seen.provisional
    assert seen.expires_at == datetime(
        2026, 10, 8, 4, tzinfo=UTC
    )  # as if it began on the day it was received
    newest = queries.receipts(case=case, by=ada, now=NOON)[0]
    assert "calculated again" in newest.content.expires


@pytest.mark.requirement("R-162")
def test_a_target_of_a_partners_market_is_sent_there_and_the_copy_is_worked_on_here():
    ada = administrator()
    case = by_fax(ada)
    read(case, ada, said=cast.process_said(region="ID", city="Boise", entity="Nextel Partners"))

    orders.route(case=case, by=ada, now=NOON, to=cast.RUIZ.email)
    assert "Las Vegas" in Notice.objects.get(message="process_elsewhere").text
    orders.copy_for_processing(case=case, by=ada, now=NOON)

    assert CourtOrder.objects.get().state == OrderState.IN_REVIEW


@pytest.mark.requirement("R-077")
def test_an_inquiry_about_coverage_is_answered_with_our_switches_and_closed():
    ada = administrator()
    case = by_fax(ada, kind="coverage")

    orders.answer_coverage(case=case, switches=["mso-east"], by=ada, now=NOON)

    assert "MSO East (mso-east)" in Notice.objects.get(message="order_coverage").text
    assert OrderReceipt.objects.count() == 0
    assert CourtOrder.objects.get().state == OrderState.ANSWERED


def test_two_orders_on_one_target_are_shown_at_each_other_and_end_each_by_itself():
    ada = administrator()
    one, two = by_fax(ada), by_fax(ada)
    read(one, ada)
    read(two, ada, order=order_said(duration="10 days"), said=cast.process_said(number="26-MC-0999"))

    (other,) = queries.others_on(case=one, by=ada, now=NOON)
    assert other.case.id == two
    assert other.expires_at != queries.of_case(case=one, by=ada, now=NOON).expires_at


def _unmet(case, by):
    return [each for each in queries.findings(case=case, by=by, now=NOON) if each.met is False]


def _surveillance(authority):
    return Authority.objects.get(pk=authority).surveillance_id


def test_nobody_else_reads_an_order():
    case = by_fax(administrator())
    analyst = cast.make.analyst()

    with pytest.raises(NotYours):
        queries.of_case(case=case, by=analyst, now=NOON)
    assert NUMBER not in str(OrderReceipt.objects.values_list())


@pytest.mark.requirement("R-131")
def test_what_comes_by_mail_to_the_desk_of_court_orders_is_an_order_and_its_sender_gets_number_and_receipt():
    raw = letter(
        "Court order 26-MC-0417",
        to="courtorders@wireless.example",
        files=(("order.pdf", "application/pdf", cast.the_scan().content),),
    )
    arrived(raw, to="courtorders@wireless.example", now=NOON)

    row = CourtOrder.objects.get()
    assert row.kind == "order" and row.case.kind == "order"
    assert sorted(Notice.objects.values_list("message", flat=True)) == ["demand_received", "order_receipt"]
    ((name, _, _, _, kind),) = Notice.objects.get(message="order_receipt").attached
    assert (name, kind) == ("receipt-1.pdf", "application/pdf")
