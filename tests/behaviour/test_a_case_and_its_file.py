"""What is done in a case: targets, papers, notes, gates, clocks, correspondence; and how fast a long one opens."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from tecum.cases import operations as cases
from tecum.cases import queries
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind, CaseState, Direction, EntryState, Identifier, Sender, TargetState
from tecum.documents import operations as documents
from tecum.kernel.actors import Actor
from tecum.kernel.numbers import NotANumber
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import BillableFact, LegalCase
from tests import make
from tests.make import NOON
from tests.sizes import size

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
APRIL = Period(datetime(2026, 4, 1, 4, tzinfo=UTC), datetime(2026, 5, 1, 4, tzinfo=UTC))


def test_a_case_has_a_reference_that_says_nothing_and_opens_nothing():
    ruiz, stranger = make.analyst(), make.acting(make.person(roles=["billing"]))
    first = make.legal_case(contact=Contact(name="Det. Ada Vane", email="Vane@Agency.Example.gov"))
    second = make.legal_case(kind=CaseKind.ORDER)

    assert first.reference[:3] == "LD-" and second.reference[:3] == "CO-"
    assert len(first.id) == 26 and first.id != second.id
    assert queries.by_reference(reference=first.reference.lower(), by=ruiz, now=NOON).id == first.id
    for reference in (first.reference, "LD-0000-0000"):
        with pytest.raises(NotYours):
            queries.by_reference(reference=reference, by=stranger, now=NOON)
    assert queries.case(case=first.id, by=ruiz, now=NOON).contact.email == "vane@agency.example.gov"


def test_what_a_case_says_cannot_be_read_in_its_table():
    made = make.legal_case(
        numbers=["292-555-0142"], contact=Contact(name="Det. Ada Vane", email="v@x.example")
    )
    cases.add_note(case=made.id, text="Spoke with Vane about 2925550142", by=make.analyst(), now=NOON)

    with connection.cursor() as cursor:
        for table in ("legalcase", "casetarget", "casenote"):
            cursor.execute(f"SELECT * FROM tecum_{table}")
            told = repr(
                [[bytes(c) if isinstance(c, memoryview) else c for c in row] for row in cursor.fetchall()]
            )
            assert "5550142" not in told and "Vane" not in told  # four digits stand in a hash by chance


@pytest.mark.requirement("R-110")
def test_a_target_is_a_number_and_an_interval_never_a_number_alone():
    ruiz, made = make.analyst(), make.legal_case()
    with pytest.raises(NotANumber):
        cases.add_target(case=made.id, asked=Asked("555-0142", APRIL), by=ruiz, now=NOON)

    one = cases.add_target(case=made.id, asked=Asked("+1 (292) 555-0142", APRIL, "toll"), by=ruiz, now=NOON)
    bare = cases.add_target(case=made.id, asked=Asked("2925550143", words="292 555 O143"), by=ruiz, now=NOON)
    imsi = cases.add_target(
        case=made.id, asked=Asked("310 410 123456789", APRIL, identifier=Identifier.IMSI), by=ruiz, now=NOON
    )

    assert (one.value, one.period, one.product) == ("2925550142", APRIL, "toll")
    assert bare.period is None and imsi.value == "310 410 123456789"
    assert [each.place for each in queries.targets(case=made.id, by=ruiz, now=NOON)] == [1, 2, 3]
    mended = cases.correct_target(target=bare.id, asked=Asked("2925550143", APRIL), by=ruiz, now=NOON)
    assert mended.period == APRIL
    assert queries.case(case=made.id, by=ruiz, now=NOON).targets_open == 3


def test_a_target_is_answered_withdrawn_and_taken_back_and_corrected_only_while_nothing_was_done():
    ruiz, made = make.analyst(), make.legal_case(numbers=["2925550142"])
    (target,) = queries.targets(case=made.id, by=ruiz, now=NOON)

    cases.turn_target(target=target.id, to=TargetState.WITHDRAWN, by=ruiz, now=NOON)
    with pytest.raises(cases.CannotTurn, match="already withdrawn"):
        cases.turn_target(target=target.id, to=TargetState.ANSWERED, by=ruiz, now=NOON)
    with pytest.raises(cases.CannotTurn, match="cannot be corrected"):
        cases.correct_target(target=target.id, asked=Asked("2925550143"), by=ruiz, now=NOON)
    assert queries.case(case=made.id, by=ruiz, now=NOON).targets_open == 0
    assert queries.naming_number(number="2925550142", by=ruiz, now=NOON) == []

    cases.turn_target(target=target.id, to=TargetState.ASKED, by=ruiz, now=NOON)

    assert queries.naming_number(number="2925550142", by=ruiz, now=NOON) == [made.id]


def test_a_case_that_is_over_takes_no_target_and_opens_again():
    ruiz, made = make.analyst(), make.legal_case()

    cases.close(case=made.id, outcome="withdrawn", by=ruiz, now=NOON)

    with pytest.raises(cases.CaseClosed, match="is closed; open it again first"):
        cases.add_target(case=made.id, asked=Asked("2925550142"), by=ruiz, now=NOON)
    with pytest.raises(cases.CaseClosed):
        cases.close(case=made.id, outcome="withdrawn", by=ruiz, now=NOON)
    assert cases.reopen(case=made.id, by=ruiz, now=NOON).state is CaseState.OPEN


@pytest.mark.requirement("R-105")
def test_work_waits_at_a_gate_until_what_was_asked_is_given_and_it_says_by_whom():
    ruiz, made = make.analyst(), make.legal_case()
    gate = cases.open_gate(
        case=made.id, kind="fee_accepted", subject="fraud_cdr", asked="$50.00", by=ruiz, now=NOON
    )
    assert cases.open_gate(case=made.id, kind="fee_accepted", subject="fraud_cdr", by=ruiz, now=NOON) == gate

    with pytest.raises(cases.GateOpen, match="the agency's acceptance of the fee"):
        cases.refuse_while_gated(made.id)
    with pytest.raises(cases.CannotClose, match="who gave it"):
        cases.close_gate(gate=gate, given=" ", by=ruiz, now=NOON)
    cases.close_gate(gate=gate, given="Lt. Marsh, by mail of 8 September", by=ruiz, now=NOON)

    cases.refuse_while_gated(made.id)
    (shown,) = queries.gates(case=made.id, by=ruiz, now=NOON)
    assert shown.words == {"asked": "$50.00", "given": "Lt. Marsh, by mail of 8 September"}
    with pytest.raises(cases.CannotClose):
        cases.waive_gate(gate=gate, reason="again", by=ruiz, now=NOON)


def test_what_can_be_billed_is_noted_once_whoever_tells_it_again():
    ruiz, made = make.analyst(), make.legal_case(numbers=["2925550142"])
    (target,) = queries.targets(case=made.id, by=ruiz, now=NOON)
    told = {
        "kind": "fraud_cdr",
        "source": f"report/{target.id}",
        "happened_at": NOON,
        "by": SYSTEM,
        "now": NOON,
    }

    first = cases.note_billable(case=made.id, target=target.id, unit="number", **told)
    again = cases.note_billable(case=made.id, target=target.id, unit="number", **told)

    assert first == again and BillableFact.objects.count() == 1
    with pytest.raises(NotYours):  # the same source in another case is a mistake, not a second bill
        cases.note_billable(case=make.legal_case().id, **told)


def test_a_clock_stands_still_while_the_agency_mends_and_keeps_what_was_left():
    ruiz, made = make.analyst(), make.legal_case()
    due = NOON + timedelta(days=5)
    cases.start_clock(case=made.id, kind="answer", started_at=NOON, due_at=due, by=ruiz, now=NOON)
    cases.start_clock(
        case=made.id, kind="return_date", started_at=NOON, due_at=due + timedelta(1), by=ruiz, now=NOON
    )
    assert queries.case(case=made.id, by=ruiz, now=NOON).due_clock == "answer"

    assert cases.pause_clock(case=made.id, kind="answer", by=ruiz, now=NOON + timedelta(days=1))
    assert queries.case(case=made.id, by=ruiz, now=NOON).due_clock == "return_date"
    assert not cases.pause_clock(case=made.id, kind="answer", by=ruiz, now=NOON + timedelta(days=1))
    assert cases.resume_clock(case=made.id, kind="answer", by=ruiz, now=NOON + timedelta(days=10))

    shown = {each.kind: each for each in queries.clocks(case=made.id, by=ruiz, now=NOON)}
    assert shown["answer"].due_at == NOON + timedelta(days=14)
    assert cases.end_clock(
        case=made.id, kind="answer", how="answered", by=ruiz, now=NOON + timedelta(days=12)
    )
    assert not cases.end_clock(
        case=made.id, kind="answer", how="answered", by=ruiz, now=NOON + timedelta(days=12)
    )


def test_a_clock_that_ran_out_is_told_once_and_one_that_was_moved_meanwhile_is_not():
    ruiz, made = make.analyst(), make.legal_case()
    clock = cases.start_clock(
        case=made.id, kind="answer", started_at=NOON, due_at=NOON + timedelta(days=1), by=ruiz, now=NOON
    )
    late = NOON + timedelta(days=1)

    for _ in range(2):
        cases.clock_rings(clock=clock, by=SYSTEM, now=late)
    cases.start_clock(
        case=made.id, kind="answer", started_at=NOON, due_at=late + timedelta(1), by=ruiz, now=late
    )
    cases.clock_rings(clock=clock, by=SYSTEM, now=late)

    told = [each.event for each in queries.timeline(case=made.id, by=ruiz, now=late)]
    assert told.count("case.overdue") == 1


def paper(case, content=b"%PDF-1.7 subpoena", *, source="", by=SYSTEM):
    kept = documents.put(content, matter=queries.case(case=case, by=SYSTEM, now=NOON).matter)
    with transaction.atomic():
        return cases.add_document(
            case=case, kept=kept, name="subpoena.pdf", media_type="application/pdf", role="process",
            received_at=NOON, source=source, by=by, now=NOON,
        )  # fmt: skip


def test_a_paper_lies_sealed_in_its_case_once_and_who_took_it_is_remembered_first():
    ruiz, made = make.analyst(), make.legal_case()
    held = paper(made.id, source="ML/1.2")
    assert paper(made.id, source="ML/1.2").id == held.id

    media_type, name, content = cases.take_document(document=held.id, original=True, by=ruiz, now=NOON)

    assert (media_type, name, content) == ("application/pdf", "subpoena.pdf", b"%PDF-1.7 subpoena")
    with pytest.raises(cases.CannotTake, match="no harmless copy"):
        cases.take_document(document=held.id, original=False, by=ruiz, now=NOON)
    taken = [
        each
        for each in queries.timeline(case=made.id, by=ruiz, now=NOON)
        if each.event == "case.document_taken"
    ]
    assert len(taken) == 1 and taken[0].by == ruiz.ref


def test_bytes_sealed_under_another_matter_are_no_paper_of_this_case():
    made, other = make.legal_case(), make.legal_case()
    kept = documents.put(b"%PDF", matter=other.matter)

    with pytest.raises(NotYours):
        cases.add_document(
            case=made.id, kept=kept, name="x", media_type="application/pdf", role="process", received_at=NOON,
            by=SYSTEM, now=NOON,
        )  # fmt: skip


def test_a_message_from_nobody_of_the_case_waits_for_a_person_and_is_joined_once():
    ruiz, made = make.analyst(), make.legal_case()
    given = {"case": made.id, "said": {"subject": "Withdraw"}, "at": NOON, "by": SYSTEM, "now": NOON}
    trusted, joined = cases.join_message(message="m1", sender=Sender.CONTACT, **given)
    held, waits = cases.join_message(message="m2", sender=Sender.UNPROVEN, **given)
    assert cases.join_message(message="m2", sender=Sender.CONTACT, **given) == (held, EntryState.HELD)

    assert (joined, waits) == (EntryState.JOINED, EntryState.HELD)
    assert [each.id for each in queries.held_entries(by=ruiz, now=NOON)] == [held]
    assert cases.settle(entry=held, join=True, by=ruiz, now=NOON) is EntryState.JOINED
    with pytest.raises(cases.CannotSettle):
        cases.settle(entry=held, join=False, by=ruiz, now=NOON)
    with pytest.raises(cases.CannotSettle):
        cases.settle(entry=trusted, join=False, by=ruiz, now=NOON)


def test_a_case_that_repeats_another_is_joined_shows_its_papers_there_and_can_be_parted():
    ruiz = make.analyst()
    home = make.agency()
    early = make.legal_case(agency=home.id, received_at=NOON - timedelta(hours=3))
    late = make.legal_case(agency=home.id)
    paper(early.id)

    cases.join(case=early.id, to=late.id, by=ruiz, now=NOON)

    shown = queries.case_file(case=late.id, by=ruiz, now=NOON)
    assert [each.id for each in shown.repeats] == [early.id] and len(shown.documents) == 1
    assert shown.case.received_at == early.received_at
    with pytest.raises(cases.CannotJoin):
        cases.join(case=late.id, to=late.id, by=ruiz, now=NOON)
    with pytest.raises(cases.CannotJoin, match="different agencies"):
        cases.join(case=make.legal_case(agency=make.agency().id).id, to=late.id, by=ruiz, now=NOON)
    assert cases.part(case=early.id, by=ruiz, now=NOON).state is CaseState.OPEN
    assert queries.case_file(case=late.id, by=ruiz, now=NOON).repeats == []


@pytest.mark.parametrize("events", [5, size(ci=120, proof=500)])
def test_a_long_case_asks_the_database_as_often_as_a_short_one(events):
    ruiz, made = make.analyst(), make.legal_case(numbers=["2925550142"])
    for n in range(events):
        cases.add_note(case=made.id, text=f"note {n}", by=ruiz, now=NOON)
        cases.write_down(
            case=made.id, direction=Direction.IN, channel="telephone", said={"text": "called"}, at=NOON, by=SYSTEM,
            now=NOON,
        )  # fmt: skip

    with CaptureQueriesContext(
        connection,
    ) as asked:
        shown = cases.show(case=made.id, by=ruiz, now=NOON)

    assert len(shown.file.notes) == events and len(shown.timeline) > 2 * events
    assert len(asked) <= 40


def test_the_queue_of_many_cases_is_read_by_its_index_in_a_fixed_number_of_questions():
    ruiz = make.analyst()
    model = make.legal_case()
    row = LegalCase.objects.get(pk=model.id)
    many = size(ci=2_000, proof=100_000)
    LegalCase.objects.bulk_create(
        LegalCase(
            reference=f"LD-{n:08}", kind="demand", matter=f"none{n}", channel="email", received_at=NOON,
            opened_at=NOON, opened_by="x", due_at=NOON + timedelta(minutes=n), guide_version="x", contact=row.contact,
        )
        for n in range(many)
    )  # fmt: skip

    with CaptureQueriesContext(connection) as asked:
        page = queries.cases(by=ruiz, now=NOON)

    assert page.more and [each.due_at for each in page.lines] == sorted(each.due_at for each in page.lines)
    assert len(asked) == 2
    assert queries.count(by=ruiz, now=NOON) == many + 1


def test_of_cases_without_a_due_time_the_one_that_waits_longest_stands_first():
    ruiz = make.analyst()
    came = [make.legal_case(received_at=NOON - timedelta(hours=hours)) for hours in (2, 30, 5)]

    shown = [each.id for each in queries.cases(by=ruiz, now=NOON).lines]

    assert shown == [came[1].id, came[2].id, came[0].id]
