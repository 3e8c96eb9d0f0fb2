"""Form C: subscribers of numbers seen on an active surveillance; none of them leaves unless the order or a subpoena reaches it."""

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from pypdf import PdfReader, PdfWriter

from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked
from tecum.cases.states import CaseKind
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.operations import Brought, Ground
from tecum.demands.rules import reaching
from tecum.demands.states import Outcome
from tecum.documents import printing
from tecum.guide.calculators import forms as calculator
from tecum.guide.questions import Question
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import CaseLink, LegalCase, Reach
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process.facts import Said
from tests import make
from tests.letters import a_pdf, arrived, letter
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
SEEN = ("2925550142", "2925550143", "3925550144")
VALUES = {
    "date": ("2026-09-08",), "agency": ("Marrow County Sheriff",), "address": ("1 Main Street", "Marrow, OH"),
    "contact_name": ("Det. Vane",), "contact_number": ("292-555-0150",), "fax_number": ("292-555-0151",),
    "target_number": ("(492) 555-0101",), "court_order_number": ("MD-26-17",), "nextel_target": ("Yes",), "numbers": SEEN,
}  # fmt: skip
CLAUSE = "and subscriber information for all numbers dialled to or from the target"


@pytest.fixture(autouse=True)
def carrier(settings, tmp_path):
    settings.TECUM_GUIDE = "wireless-2003"
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def desk():
    return make.analyst(), make.analyst()


@pytest.fixture
def home():
    return make.agency()


def entered(by, home, *, brought=(), **values):
    got = demands.enter_form(
        channel="fax", received_at=NOON, values={**VALUES, **values}, agency=home.id, brought=brought, by=by, now=NOON
    )  # fmt: skip
    return got.received.case


def paper(case, by, name="order.pdf"):
    demands.add_papers(case=case, brought=[Brought(name, a_pdf())], by=by, now=NOON)
    return next(each.id for each in files.documents(case=case, by=by, now=NOON) if each.name == name)


def ordered(home, number="MD-26-17"):
    """Receive the court order that the surveillance rests on; return its case."""
    got = process.receive(
        kind=CaseKind.ORDER, channel="fax", received_at=NOON, said=Said(process="pen_trap_order", number=number), agency=home.id,
        by=SYSTEM, now=NOON,
    )  # fmt: skip
    return got.case


def verdicts(case, by):
    shown = queries.surveillance_form(case=case, by=by, now=NOON)
    return {each.target.value: each.missing for each in shown.numbers}


def targets(case, by, *values):
    return [each.id for each in files.targets(case=case, by=by, now=NOON) if each.value in (values or SEEN)]


def sound(case, by, kind="court_order"):
    """Let the process be found sound, so that nothing but D12 stands in the way."""
    demands.take(case=case, by=by, now=NOON)
    said = Said(
        process=kind,
        signed=True,
        issued_on=date(2026, 9, 3),
        country="US",
        gag=False,
        entity="Nextel Communications",
    )
    demands.confirm(case=case, said=said, targets=[], by=by, now=NOON)
    demands.accept(case=case, despite="read by hand", by=by, now=NOON)
    for each in files.targets(case=case, by=by, now=NOON):
        demands.choose(
            case=case, target=each.id, holders=["unknown"], withheld=False, reason="Ours.", by=by, now=NOON
        )


def outcomes(case, by):
    return {line.number: line.outcome for line in queries.lines(case=case, by=by, now=NOON)}


@pytest.mark.requirement("R-183", "R-184", "R-186")
def test_a_typed_form_opens_a_case_with_its_numbers_for_the_day_it_bears(desk, home):
    case = entered(desk[0], home)

    shown = queries.surveillance_form(case=case, by=desk[0], now=NOON)
    asked = files.targets(case=case, by=desk[0], now=NOON)
    kept = files.case(case=case, by=desk[0], now=NOON)
    assert tuple(each.value for each in asked) == SEEN
    assert {each.product for each in asked} == {"active_surveillance_subscribers"}
    assert {each.period.end - each.period.start for each in asked} == {timedelta(days=1)}
    assert (shown.order, shown.target, shown.ours, shown.dated) == (
        "MD-26-17",
        "(492) 555-0101",
        True,
        date(2026, 9, 8),
    )
    assert (kept.contact.agency_name, kept.contact.fax) == ("Marrow County Sheriff", "292-555-0151")


@pytest.mark.requirement("R-187")
def test_it_goes_to_the_subpoena_desk_although_it_concerns_a_surveillance_and_the_two_cases_know_each_other(
    desk, home
):
    order = ordered(home)

    case = entered(desk[0], home)

    assert files.case(case=case, by=desk[0], now=NOON).desk == "subpoenas"
    assert [(each.one_id, each.other_id) for each in CaseLink.objects.filter(why="surveillance")] == [
        (case, order)
    ]


def test_an_order_of_another_agency_with_the_same_number_is_not_linked(desk, home):
    ordered(make.agency())

    entered(desk[0], home)

    assert not CaseLink.objects.exists()


def test_whoever_may_not_know_of_the_order_does_not_learn_that_there_is_one(desk, home):
    order = ordered(home)
    cases.seal(
        case=order, people=[each.ref for each in (make.analyst(), make.analyst())], by=SYSTEM, now=NOON
    )
    case = entered(desk[0], home)
    reference = LegalCase.objects.get(pk=order).reference

    shown = queries.surveillance_form(case=case, by=desk[0], now=NOON)
    refused = []
    for each in (reference, "CO-0000-0000"):
        with pytest.raises(demands.CannotReach) as fault:
            demands.link_order(case=case, reference=each, by=desk[0], now=NOON)
        refused.append(str(fault.value))

    assert shown.order_reference == "" and files.case_file(case=case, by=desk[0], now=NOON).links == []
    assert refused[0] == refused[1]


def test_of_a_form_alone_nothing_is_produced_and_each_number_says_what_is_missing(desk, home):
    case = entered(desk[0], home)
    sound(case, desk[0])

    assert set(outcomes(case, desk[0]).values()) == {Outcome.UNSUPPORTED}
    assert set(verdicts(case, desk[0]).values()) == {reaching.NOT_REACHED}


def test_only_the_numbers_that_a_confirmed_clause_reaches_are_granted(desk, home):
    first, second = desk
    case = entered(first, home)
    order = paper(case, first)
    sound(case, first)

    demands.confirm_reach(
        case=case, targets=targets(case, first, *SEEN[:2]), ground=Ground("order", order, CLAUSE), by=first, now=NOON
    )  # fmt: skip
    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)

    assert outcomes(case, first) == {
        SEEN[0]: Outcome.UNCERTAIN, SEEN[1]: Outcome.UNCERTAIN, SEEN[2]: Outcome.UNSUPPORTED
    } or outcomes(case, first) == {SEEN[0]: Outcome.GRANTED, SEEN[1]: Outcome.GRANTED, SEEN[2]: Outcome.UNSUPPORTED}  # fmt: skip
    (kept,) = [each for each in queries.scopes(case=case, by=first, now=NOON) if each.in_force]
    assert kept


@pytest.mark.sabotage("D12")
def test_without_the_rule_the_names_of_three_strangers_would_be_granted(desk, home, monkeypatch):
    case = entered(desk[0], home)
    sound(case, desk[0])
    monkeypatch.setattr("tecum.demands.queries.forms.rules.unreached", lambda *_: {})

    assert Outcome.UNSUPPORTED not in outcomes(case, desk[0]).values()


def test_an_attached_subpoena_reaches_numbers_too_and_must_be_a_paper_of_the_case(desk, home):
    first, _ = desk
    case = entered(first, home)
    mine = targets(case, first, SEEN[0])
    other = entered(first, home, court_order_number=("MD-1",))
    foreign = paper(other, first)
    wrong = [
        Ground("subpoena", "", "item 1"), Ground("subpoena", foreign, "item 1"), Ground("order", "", "item 1"),
        Ground("letter", foreign, "item 1"),
    ]  # fmt: skip

    for each in wrong:
        with pytest.raises(demands.CannotReach):
            demands.confirm_reach(case=case, targets=mine, ground=each, by=first, now=NOON)
    subpoena = paper(case, first, "subpoena.pdf")
    with pytest.raises(demands.CannotReach, match="words"):
        demands.confirm_reach(
            case=case, targets=mine, ground=Ground("subpoena", subpoena, " "), by=first, now=NOON
        )
    with pytest.raises(demands.CannotReach, match="numbers"):
        demands.confirm_reach(
            case=case, targets=targets(other, first), ground=Ground("subpoena", subpoena, "item 1"), by=first, now=NOON
        )  # fmt: skip
    demands.confirm_reach(
        case=case, targets=mine, ground=Ground("subpoena", subpoena, "item 1"), by=first, now=NOON
    )

    assert verdicts(case, first)[SEEN[0]] == "" and verdicts(case, first)[SEEN[1]] == reaching.NOT_REACHED


@pytest.mark.requirement("R-185")
def test_where_the_target_is_not_ours_a_copy_of_the_order_is_required_as_well(desk, home):
    first, _ = desk
    case = entered(first, home, nextel_target=("No",))
    subpoena, order = paper(case, first, "subpoena.pdf"), paper(case, first, "copy.pdf")
    demands.confirm_reach(
        case=case, targets=targets(case, first), ground=Ground("subpoena", subpoena, "items 1 to 3"), by=first, now=NOON
    )  # fmt: skip
    before = set(verdicts(case, first).values())

    demands.confirm_order_copy(case=case, document=order, by=first, now=NOON)

    assert before == {reaching.NO_COPY}
    assert set(verdicts(case, first).values()) == {""}


@pytest.mark.requirement("R-184", "R-185")
def test_a_form_that_does_not_say_whose_the_target_is_needs_the_copy_too(desk, home):
    case = entered(desk[0], home, nextel_target=())

    assert all(reaching.NO_COPY in each for each in verdicts(case, desk[0]).values())


def test_the_clause_may_stand_in_the_orders_own_case_for_whoever_may_know_of_it(desk, home):
    order = ordered(home)
    case = entered(desk[0], home)
    administrator = make.acting(make.person("Ora Dean", roles=["subpoena_analyst", "order_administrator"]))
    ground = Ground("order", "", CLAUSE)
    cases.seal(case=order, people=[administrator.ref, make.analyst().ref], by=SYSTEM, now=NOON)

    with pytest.raises(demands.CannotReach, match="Choose the paper"):
        demands.confirm_reach(case=case, targets=targets(case, desk[0]), ground=ground, by=desk[0], now=NOON)
    demands.confirm_reach(
        case=case, targets=targets(case, desk[0]), ground=ground, by=administrator, now=NOON
    )

    assert {each.order_case for each in Reach.objects.all()} == {order}


def test_a_confirmation_taken_back_ends_the_scope_that_rested_on_it(desk, home):
    first, second = desk
    case = entered(first, home)
    order = paper(case, first)
    sound(case, first)
    demands.confirm_reach(
        case=case, targets=targets(case, first), ground=Ground("order", order, CLAUSE), by=first, now=NOON
    )
    demands.approve_scope(proposal=demands.propose_scope(case=case, by=first, now=NOON), by=second, now=NOON)

    demands.take_reach_back(case=case, targets=targets(case, first, SEEN[0]), by=first, now=NOON)

    assert not [each for each in queries.scopes(case=case, by=first, now=NOON) if each.in_force]
    assert verdicts(case, first)[SEEN[0]] == reaching.NOT_REACHED


def test_another_word_for_the_same_records_does_not_open_the_door(desk, home):
    first, _ = desk
    case = entered(first, home)
    day = files.targets(case=case, by=first, now=NOON)[0].period
    cases.add_target(case=case, asked=Asked("2925550149", day, "basic_subscriber"), by=first, now=NOON)
    sound(case, first)

    assert outcomes(case, first)["2925550149"] is Outcome.UNSUPPORTED


def test_without_form_c_nobody_asks_for_subscribers_of_a_surveillance(desk, home):
    first, _ = desk
    got = demands.receive(
        channel="fax", received_at=NOON, agency=home.id, by=SYSTEM, now=NOON, said=Said(process="subpoena"),
        targets=[Asked("2925550142", make_day(), "active_surveillance_subscribers")],
    )  # fmt: skip
    sound(got.case, first, "subpoena")

    (line,) = queries.lines(case=got.case, by=first, now=NOON)
    assert line.outcome is Outcome.UNSUPPORTED and "form C" in line.because


def make_day():
    return Period(NOON - timedelta(days=1), NOON)


@pytest.mark.requirement("R-186")
def test_twenty_seven_numbers_a_line_that_is_none_and_no_number_at_all_are_refused_and_open_nothing(
    desk, home
):
    many = tuple(f"29255501{place:02}" for place in range(27))

    for numbers, said in (
        (many, "at most 26"),
        (("2925550142", "call me"), "no telephone number"),
        ((), "at least one"),
    ):
        with pytest.raises(demands.CannotEnter, match=said):
            entered(desk[0], home, numbers=numbers)

    assert not LegalCase.objects.exists()
    assert len(files.targets(case=entered(desk[0], home, numbers=many[:26]), by=desk[0], now=NOON)) == 26


def test_a_form_by_mail_keeps_lines_that_are_no_numbers_and_says_so(desk, home):
    got = demands.receive(channel="email", received_at=NOON, agency=home.id, by=SYSTEM, now=NOON)

    shown = demands.take_form(
        case=got.case, values={**VALUES, "numbers": ("2925550142", "292-555", "2925550142")}, by=SYSTEM, now=NOON
    )  # fmt: skip
    again = demands.take_form(case=got.case, values=VALUES, by=SYSTEM, now=NOON)

    assert shown.unread == ("292-555",) and again.unread == ("292-555",)
    assert len(files.targets(case=got.case, by=SYSTEM, now=NOON)) == 1


def test_the_database_keeps_one_ground_in_force_and_each_in_a_paper(desk, home):
    first, _ = desk
    case = entered(first, home)
    demands.confirm_reach(
        case=case, targets=targets(case, first, SEEN[0]), ground=Ground("order", paper(case, first), CLAUSE), by=first, now=NOON
    )  # fmt: skip
    row = Reach.objects.get()
    twin = Reach.objects.get()
    twin.pk = "x" * 26

    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Reach.objects.filter(pk=row.pk).update(document="")


def test_another_agencys_officer_and_a_stranger_change_nothing(desk, home):
    case = entered(desk[0], home)
    ground = Ground("order", paper(case, desk[0]), CLAUSE)
    officer = make.acting(make.officer(at=home))

    with pytest.raises(NotYours):
        demands.confirm_reach(case=case, targets=targets(case, desk[0]), ground=ground, by=officer, now=NOON)
    with pytest.raises(NotYours):
        demands.enter_form(channel="fax", received_at=NOON, values=VALUES, by=officer, now=NOON)

    assert not Reach.objects.exists()


@pytest.mark.requirement("R-183", "R-184", "R-186")
def test_the_forms_own_pdf_typed_into_is_recognised_and_another_pdf_is_not():
    guide = policy.at(NOON)
    day = NOON.astimezone(guide.carrier.zone.tz).date()
    blank = printing.blank(guide, reaching.FORM, on=day)
    typed = filled(
        blank,
        target_number="4925550101",
        nextel_target="/1",
        numbers_1="(292) 555-0142",
        numbers_26="2925550143",
    )

    values = demands.recognised(guide, typed, NOON)

    said = reaching.read(values)
    assert (said.target, said.ours, said.numbers) == ("4925550101", False, ("2925550142", "2925550143"))
    assert demands.recognised(guide, {"Applicant": "-"}, NOON) == {}
    assert calculator.judge(guide, Question(on=day), reaching.FORM, values).complete


@pytest.mark.requirement("R-183", "R-186")
def test_the_pdf_by_mail_opens_a_case_at_the_right_desk_with_its_numbers_and_its_paper(
    settings, tmp_path, monkeypatch
):
    guide = policy.at(NOON)
    day = NOON.astimezone(guide.carrier.zone.tz).date()
    typed = written(
        printing.blank(guide, reaching.FORM, on=day),
        numbers_1="(292) 555-0142",
        numbers_2="292-555",
        date="9/8/2026",
    )
    settings.TECUM_GUIDE = "wholesale-portal"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    mailing = policy.at(NOON)
    both = replace(mailing, forms=(*mailing.forms, *guide.forms), products=(*mailing.products, *guide.products), desks=(*mailing.desks, *guide.desks))  # fmt: skip
    monkeypatch.setattr(policy, "at", lambda now: both)

    message = arrived(letter("Subpoena: subscribers", files=(("form.pdf", "application/pdf", typed),)))

    (case,) = LegalCase.objects.all()
    shown = queries.surveillance_form(case=case.pk, by=SYSTEM, now=NOON)
    assert message.routed_to == "form_c"
    assert case.desk == "subpoenas"
    assert [each.target.value for each in shown.numbers] == ["2925550142"] and shown.unread == ("292-555",)
    assert shown.dated == date(2026, 9, 8) and shown.numbers[0].missing


def written(blank, **values):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(blank)))
    for page in writer.pages:
        writer.update_page_form_field_values(page, values, auto_regenerate=True)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def filled(blank, **values):
    fields = PdfReader(io.BytesIO(written(blank, **values))).get_fields() or {}
    return {name: str(field.get("/V", "") or "") for name, field in fields.items()}
