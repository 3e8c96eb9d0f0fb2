"""Extensions and form D: what prolongs an order, what comes a minute late, what is for another target, what a form says."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from pypdf import PdfReader, PdfWriter

from tecum.documents import printing
from tecum.kernel.actors import Actor
from tecum.models import Authority, CourtOrder, OrderReceipt
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process.facts import Brought
from tecum.surveillance.operations import orders
from tecum.surveillance.queries import orders as queries
from tecum.surveillance.queries import queue
from tecum.surveillance.rules.ordered import Intercept, Service
from tests import orders as cast
from tests.make import NOON
from tests.orders import OTHER, administrator, by_fax, in_force, order_said, process_said, read, sound

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("bill"),
]
JOBS = Actor.system("jobs")
END = datetime(2026, 10, 4, 4, tzinfo=UTC)
WEEK_BEFORE = datetime(2026, 9, 28, 15, tzinfo=UTC)


def running():
    """Return the two administrators and the case of an order that is in force until 4 October."""
    ada, bo = administrator(), administrator("Bo Farrow")
    case = by_fax(ada)
    sound(case, ada)
    settled(in_force(case, ada, bo), NOON)
    return ada, bo, case


def settled(authority, now):
    orders.settle(surveillance=Authority.objects.get(pk=authority).surveillance_id, by=JOBS, now=now)


def fresh(who, now):
    return cast.acting(cast.make.again_by_ref(who.ref), stepped_up_at=now)


def extension(by, of, *, at, order=None, issued=None):
    """Return the case of an extension that came by fax and was read."""
    case = by_fax(by, now=at, received_at=at, kind="extension")
    orders.set_kind(case=case, kind="extension", extends=of, by=by, now=at)
    said = process_said(
        process="extension", number="26-MC-0417-E", issued_on=issued or (at - timedelta(days=1)).date()
    )
    read(case, by, order=order or order_said(), said=said, now=at)
    return case


def hard(case, by, now):
    return [each for each in queries.findings(case=case, by=by, now=now) if each.hard and each.met is False]


@pytest.mark.requirement("R-132")
def test_an_extension_served_before_the_end_prolongs_it_and_both_orders_get_a_receipt():
    ada, bo, case = running()
    ada, bo = fresh(ada, WEEK_BEFORE), fresh(bo, WEEK_BEFORE)
    longer = extension(ada, case, at=WEEK_BEFORE)
    orders.match(case=longer, by=ada, now=WEEK_BEFORE)
    orders.accept(case=longer, by=ada, now=WEEK_BEFORE, despite="Read against the paper.")

    settled(in_force(longer, ada, bo, now=WEEK_BEFORE), WEEK_BEFORE)

    authority = Authority.objects.get()
    assert authority.ends_at == datetime(
        2026, 10, 27, 4, tzinfo=UTC
    )  # 27 September and thirty days, the first counted
    assert CourtOrder.objects.get(case=longer).authority == authority.pk
    newest = queries.receipts(case=case, by=ada, now=WEEK_BEFORE)[0]
    assert "27 October 2026" in newest.content.expires and newest.content.why.startswith("Extended until")
    assert OrderReceipt.objects.filter(order__case=longer).exists()


@pytest.mark.requirement("R-132")
def test_an_extended_order_stays_in_the_queue_until_the_end_in_force():
    ada, bo, case = running()
    longer = extension(fresh(ada, WEEK_BEFORE), case, at=WEEK_BEFORE)
    orders.match(case=longer, by=fresh(ada, WEEK_BEFORE), now=WEEK_BEFORE)
    orders.accept(case=longer, by=fresh(ada, WEEK_BEFORE), now=WEEK_BEFORE, despite="Read.")
    settled(in_force(longer, fresh(ada, WEEK_BEFORE), fresh(bo, WEEK_BEFORE), now=WEEK_BEFORE), WEEK_BEFORE)
    end = Authority.objects.get().ends_at

    after = END + timedelta(days=1)
    (row,) = [
        each for each in queue.queue(by=ada, now=after, narrowed=queue.Filter("running")) if each.case == case
    ]
    assert row.expires_at == end and row.cut_at == end
    assert case in {
        each.case
        for each in queue.queue(by=ada, now=end - timedelta(days=2), narrowed=queue.Filter("ending"))
    }
    assert not queue.queue(by=ada, now=end, narrowed=queue.Filter("running"))


def test_an_extension_a_minute_late_prolongs_nothing_and_can_stand_as_an_order_of_its_own():
    ada, _, case = running()
    late = END + timedelta(minutes=1)
    ada = fresh(ada, late)
    longer = extension(ada, case, at=late)

    (found,) = hard(longer, ada, late)
    assert "1 min later" in found.sentence and "prolongs nothing" in found.sentence
    with pytest.raises(process.CannotDecide, match="prolongs nothing"):
        orders.accept(case=longer, by=ada, now=late, despite="Only a minute.")
    orders.set_kind(case=longer, kind="order", by=ada, now=late)

    assert hard(longer, ada, late) == []


@pytest.mark.requirement("R-132")
def test_an_extension_at_the_very_end_is_too_late():
    ada, _, case = running()
    ada = fresh(ada, END)
    longer = extension(ada, case, at=END)

    assert "less than a minute" in hard(longer, ada, END)[0].sentence


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"subjects": (cast.Subject(OTHER),)}, "a new order, not an extension"),
        ({"lines": ((Service.INTERCONNECT, Intercept.TITLE_III),)}, "an order of its own"),
    ],
)
def test_an_extension_for_another_target_or_of_more_is_refused(changes, words):
    ada, _, case = running()
    ada = fresh(ada, WEEK_BEFORE)
    longer = extension(ada, case, at=WEEK_BEFORE, order=order_said(**changes))

    with pytest.raises(process.CannotDecide, match=words):
        orders.accept(case=longer, by=ada, now=WEEK_BEFORE, despite="The same man.")


@pytest.mark.sabotage("control 1")
def test_without_the_look_at_the_time_of_service_a_late_extension_would_be_found_sound(monkeypatch):
    ada, _, case = running()
    late = END + timedelta(minutes=1)
    ada = fresh(ada, late)
    longer = extension(ada, case, at=late)
    monkeypatch.setattr("tecum.surveillance.rules.reviewing._extends", lambda *_: ())

    assert orders.accept(case=longer, by=ada, now=late, despite="Only a minute.").state == "SOUND"


def test_an_order_that_an_authority_rests_on_is_not_read_otherwise_any_more():
    ada, _, case = running()

    with pytest.raises(orders.CannotConfirm, match="a new one"):
        read(case, ada, order=order_said(duration="60 days"))


@pytest.mark.requirement("R-188", "R-189", "R-190", "R-191", "R-192", "R-193")
def test_a_request_form_that_was_typed_into_is_read_back_and_judged():
    ada = administrator()
    case = by_fax(ada, brought=[Brought("form.pdf", typed_form())])

    found = orders.read_form(case=case, by=ada, now=NOON)

    asks = found.asks
    assert (asks.agency, asks.contact, asks.deactivate) == ("Marrow County Sheriff", "Det. Dana Ruiz", False)
    assert asks.said.subjects == (cast.Subject("2925550142", "490154203237518", ""),)
    assert asks.said.lines == (
        (Service.INTERCONNECT, Intercept.PEN_REGISTER), (Service.INTERCONNECT, Intercept.TRAP_AND_TRACE),
        (Service.DISPATCH, Intercept.TITLE_III),
    )  # fmt: skip
    assert asks.said.dial_up_number == "3925550101" and asks.said.ends == "2026-10-04"
    assert asks.said.billing.splitlines()[0] == "Marrow County Sheriff"
    assert (
        found.judged.complete is False and "Activation Date" in found.judged.faults[0]
    )  # D2: it is required


def test_a_paper_that_is_no_form_is_read_as_none():
    ada = administrator()

    assert orders.read_form(case=by_fax(ada), by=ada, now=NOON) is None


def typed_form() -> bytes:
    """Type into form D as an agency does, and forget the activation date."""
    blank = printing.blank(policy.at(NOON), "surveillance_request", on=NOON.date())
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    values = {
        "agency_name": "Marrow County Sheriff", "agency_contact": "Det. Dana Ruiz", "request_type": "/0",
        "surveillance_types_1": "/on", "surveillance_types_4": "/on", "dial_up_number": "(392) 555-0101",
        "target_number": "292-555-0142", "imei_imsi": "490154203237518", "expiration_date": "October 4, 2026",
        "billing_1": "Marrow County Sheriff", "billing_2": "1 Main Street",
    }  # fmt: skip
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
