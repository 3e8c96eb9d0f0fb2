"""An officer asks who serves a number: one answer, one charge, one record (A1, A2, controls 4 and 14)."""

from datetime import date, timedelta

import pytest

from tecum.customers import operations as customers
from tecum.inventory import queries as inventory
from tecum.kernel.refusals import NotYours
from tecum.lookup import operations as lookup
from tecum.lookup import queries
from tecum.lookup.states import Cause, Outcome
from tests import make
from tests.make import NOON, ROOT, later

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
CASE = lookup.Purpose("MC-26-004417", attested=True)
XYZ = "2925550142"


@pytest.fixture
def officer():
    return make.acting(make.officer())


@pytest.fixture
def xyz(numbers):
    """Company XYZ: consents to everything, and has one number since 1 June 2022 (R-030)."""
    customer = make.customer("C-XYZ", name="XYZ Voice LLC", website="")
    make.consent("C-XYZ")
    numbers({XYZ: ("C-XYZ", date(2022, 6, 1))})
    return customer


def ask(text, *, by, now=NOON, submission="", purpose=CASE, door="page"):
    submission = submission or f"form-{next(make._next)}"
    return lookup.run(text=text, purpose=purpose, submission=submission, door=door, by=by, now=now)


def some_numbers(count, start=0):
    return [f"49355501{place:02d}" for place in range(start, start + count)]


@pytest.mark.requirement("R-014", "R-018", "R-020", "R-028", "R-033")
def test_a_hit_names_the_provider_to_serve_next_and_since_when_it_has_the_number(officer, xyz):
    view = ask("(292) 555-0142", by=officer)

    (line,) = view.lines
    assert line.outcome is Outcome.HIT
    assert line.hit.shown["customer_name"] == "XYZ Voice LLC"
    assert line.hit.in_service == date(2022, 6, 1)


@pytest.mark.requirement("R-016", "R-020")
def test_a_hit_shows_the_six_details_of_the_wholesale_customer_and_nothing_of_an_end_user(officer, numbers):
    make.customer("C-FULL")
    make.consent("C-FULL")
    numbers({XYZ: ("C-FULL", date(2022, 6, 1))})

    (line,) = ask(XYZ, by=officer).lines

    assert set(line.hit.shown) == {"customer_name", "address", "contact_person", "phone", "email", "website"}


@pytest.mark.requirement("R-020")
def test_a_card_with_an_empty_field_is_still_a_hit(officer, xyz):
    (line,) = ask(XYZ, by=officer).lines

    assert "website" not in line.hit.shown
    assert line.hit.shown["email"] == "legal@provider.example"


@pytest.mark.requirement("R-027", "R-030")
def test_no_earlier_customer_is_ever_shown(officer, numbers):
    make.customer("C-ABC", name="ABC Telecom Inc.")
    make.consent("C-ABC")
    make.customer("C-XYZ", name="XYZ Voice LLC")
    make.consent("C-XYZ")
    numbers({XYZ: ("C-ABC", date(2019, 1, 1))})
    numbers({XYZ: ("C-XYZ", date(2022, 6, 1))}, now=NOON + timedelta(hours=1))

    (line,) = ask(XYZ, by=officer, now=later(hours=2)).lines

    assert line.hit.shown["customer_name"] == "XYZ Voice LLC"
    assert "ABC" not in repr(line)


@pytest.mark.requirement("R-025", "R-026", "R-027")
def test_a_number_that_left_before_it_is_asked_has_no_result(officer, xyz, numbers):
    numbers({"2925550143": ("C-XYZ", date(2022, 6, 1))}, now=NOON + timedelta(hours=1))

    (line,) = ask(XYZ, by=officer, now=later(hours=2)).lines

    assert line.outcome is Outcome.NON_RESULT


@pytest.mark.requirement("R-034")
def test_not_ours_and_no_consent_are_the_same_answer_to_the_letter(officer, xyz, numbers):
    make.customer("C-SHY", name="Shy Voice LLC")
    numbers(
        {XYZ: ("C-XYZ", date(2022, 6, 1)), "2925550150": ("C-SHY", date(2022, 6, 1))}, now=later(minutes=1)
    )

    not_ours, no_consent = ask("3925550160\n2925550150", by=officer, now=later(minutes=2)).lines

    def masked(line):
        return (
            repr(line)
            .replace(line.number, "NUMBER")
            .replace(line.typed, "TYPED")
            .replace(f"place={line.place}", "")
        )

    assert masked(not_ours) == masked(no_consent)


def test_staff_see_the_cause_that_the_officer_never_sees(officer, xyz, numbers):
    make.customer("C-SHY", name="Shy Voice LLC")
    numbers(
        {XYZ: ("C-XYZ", date(2022, 6, 1)), "2925550150": ("C-SHY", date(2022, 6, 1))}, now=later(minutes=1)
    )
    purpose = lookup.Purpose("LD-0042", attested=True, says="scope of the demand")

    _, lines = lookup.assist(text="3925550160\n2925550150", purpose=purpose, by=ROOT, now=later(minutes=2))

    assert [line.cause for line in lines] == [Cause.NOT_IN_SERVICE, Cause.NO_CONSENT]
    assert lines[1].customer == "C-SHY"


@pytest.mark.requirement("R-033", "R-034")
def test_a_withdrawn_consent_is_a_non_result_from_the_next_commit_on(officer, xyz):
    before = ask(XYZ, by=officer)
    customers.withdraw_consent(customer="C-XYZ", by=ROOT, now=later(minutes=1), reason="asked by letter")

    after = ask(XYZ, by=officer, now=later(minutes=2))

    assert before.hits == 1
    assert after.hits == 0
    assert after.non_results == 1


@pytest.mark.requirement("R-033")
def test_a_consent_for_some_ranges_reveals_no_number_outside_them(officer, numbers):
    make.customer("C-PART")
    make.consent("C-PART", scope="ranges", ranges=[("2925550100", "2925550149")])
    numbers({"2925550149": ("C-PART", date(2020, 1, 1)), "2925550150": ("C-PART", date(2020, 1, 1))})

    inside, outside = ask("2925550149\n2925550150", by=officer).lines

    assert inside.outcome is Outcome.HIT
    assert outside.outcome is Outcome.NON_RESULT


def test_a_suspended_customer_hides_nothing(officer, xyz):
    customers.suspend(customer="C-XYZ", reason="unpaid", by=ROOT, now=NOON)

    assert ask(XYZ, by=officer).hits == 1


@pytest.mark.requirement("R-022", "R-032")
def test_hits_non_results_and_malformed_lines_cost_what_the_decision_says(officer, xyz):
    view = ask(f"{XYZ}\n3925550160\n292-555-O142\n1-292-555-0142", by=officer)

    assert [line.outcome for line in view.lines] == [
        Outcome.HIT,
        Outcome.NON_RESULT,
        Outcome.MALFORMED,
        Outcome.DUPLICATE,
    ]
    assert view.charged == 2
    assert queries.quota(by=officer, now=NOON).left == 23


@pytest.mark.requirement("R-032")
def test_the_same_number_again_today_is_free_answered_afresh_and_logged_again(officer, xyz):
    ask(XYZ, by=officer)

    again = ask(XYZ, by=officer, now=later(hours=1))

    assert again.charged == 0
    assert again.hits == 1
    assert queries.quota(by=officer, now=later(hours=1)).left == 24
    assert len(queries.history(by=officer, now=later(hours=1))) == 2


@pytest.mark.requirement("R-022", "R-023")
def test_twenty_five_in_one_submission_are_answered_and_the_next_number_waits_for_midnight(officer, xyz):
    ask("\n".join(some_numbers(25)), by=officer)

    with pytest.raises(lookup.QuotaSpent) as refusal:
        ask(XYZ, by=officer, now=later(hours=1))

    assert "need 1 of your look-ups and 0 of 25 are left" in str(refusal.value)
    assert "Wed 9 Sep 2026, 00:00 CDT" in str(refusal.value)
    midnight = NOON.replace(hour=5) + timedelta(days=1)
    assert ask(XYZ, by=officer, now=midnight).hits == 1


@pytest.mark.requirement("R-023", "R-032")
def test_a_paste_of_26_numbers_is_refused_whole_and_charges_nothing(officer, xyz):
    with pytest.raises(lookup.TooManyAtOnce) as refusal:
        ask("\n".join(some_numbers(26)), by=officer)

    assert "26 different numbers" in str(refusal.value)
    assert queries.quota(by=officer, now=NOON).left == 25


@pytest.mark.requirement("R-032")
def test_a_submission_that_needs_more_than_remain_is_refused_whole(officer, xyz):
    ask("\n".join(some_numbers(20)), by=officer)

    with pytest.raises(lookup.QuotaSpent):
        ask("\n".join(some_numbers(6, start=30)), by=officer)

    assert queries.quota(by=officer, now=NOON).left == 5


def test_an_empty_form_and_a_paste_without_a_number_are_told_apart(officer, xyz):
    with pytest.raises(lookup.NothingToLookUp, match="no number yet"):
        ask("  \n ", by=officer)
    with pytest.raises(lookup.NothingToLookUp, match="Line 1: The character N"):
        ask("Name of the target", by=officer)


@pytest.mark.requirement("R-007")
def test_without_a_case_or_the_attestation_nothing_is_looked_up(officer, xyz):
    with pytest.raises(lookup.PurposeMissing, match="case number"):
        ask(XYZ, by=officer, purpose=lookup.Purpose(" ", attested=True))
    with pytest.raises(lookup.PurposeMissing, match="Legal Demand"):
        ask(XYZ, by=officer, purpose=lookup.Purpose("MC-1", attested=False))

    assert queries.quota(by=officer, now=NOON).left == 25


def test_a_double_click_is_answered_once_and_charged_once(officer, xyz):
    first = ask(XYZ, by=officer, submission="the-form")
    second = ask(XYZ, by=officer, submission="the-form", now=later(minutes=1))

    assert first == second
    assert len(queries.history(by=officer, now=later(minutes=2))) == 1


def test_a_door_that_the_guide_does_not_name_is_closed(officer, xyz):
    with pytest.raises(lookup.DoorClosed):
        ask(XYZ, by=officer, door="api")


def test_every_hit_leaves_a_disclosure_record_that_names_its_consent(officer, xyz):
    view = ask(f"{XYZ}\n3925550160", by=officer)

    (record,) = queries.disclosures(by=ROOT, now=NOON)[:10]
    assert record.consent == view.lines[0].hit.consent
    assert record.customer == "C-XYZ"
    assert record.to_person == officer.ref
    assert record.case_number == CASE.case_number


def test_the_answer_carries_the_inventorys_time_and_version_and_a_receipt(officer, xyz):
    view = ask(XYZ, by=officer)

    assert view.inventory_version == inventory.look_up([XYZ]).version
    assert len(view.receipt) == 64


def test_somebody_elses_look_up_is_unknown(officer, xyz):
    view = ask(XYZ, by=officer)

    with pytest.raises(NotYours):
        queries.answer(view.id, by=make.acting(make.officer()), now=NOON)


def test_a_person_without_the_permission_gets_the_unknown_page(xyz):
    noc = make.acting(make.person(roles=["noc_escalation"]))

    with pytest.raises(NotYours):
        ask(XYZ, by=noc)


@pytest.mark.requirement("R-036")
def test_staff_see_the_hit_rate_of_the_week(officer, xyz):
    ask(f"{XYZ}\n3925550160\n3925550161", by=officer)

    week = queries.hit_rate(by=ROOT, weeks=2, now=NOON)[0]

    assert week.first == date(2026, 9, 7)
    assert (week.asked, week.hits, week.not_in_service, week.no_consent) == (3, 1, 2, 0)
    assert week.rate == pytest.approx(1 / 3)


def test_staff_are_warned_when_an_agencys_people_walk_through_a_block(xyz):
    agency = make.agency()
    one, two = (make.acting(make.officer(at=agency)) for _ in range(2))
    ask("\n".join(some_numbers(8)), by=one)
    ask("\n".join(some_numbers(8, start=8)), by=two)

    found = queries.scanning(by=ROOT, since=NOON - timedelta(days=7), now=NOON)

    assert [(scan.kind, scan.asked) for scan in found[agency.id]] == [("consecutive", 16)]
