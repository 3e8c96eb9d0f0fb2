"""Legal process arrives by mail and by hand, is answered once, compared, checked, sent back, sent elsewhere, joined."""

from datetime import timedelta

import pytest

from tecum.audit import queries as trail
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.cases.states import CaseKind, CaseState, ClockState
from tecum.guide.model.guide import NotInGuide
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours
from tecum.models import LegalCase, Notice, Received
from tecum.notices.rules import Incoming
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries
from tecum.process.facts import Said
from tecum.process.rules.likeness import Sign
from tecum.process.states import ReceivedState
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
VANE = Contact(name="Det. Ada Vane", email="vane@agency.example.gov")
NUMBER, NOTHING = "2925550142", Said()
APRIL = Period(NOON - timedelta(days=160), NOON - timedelta(days=130))


def mail(**more) -> Incoming:
    given = {
        "sender": VANE.email,
        "return_path": VANE.email,
        "message_id": "<1@agency.example.gov>",
        "subject": "Subpoena",
    }
    return Incoming(**{**given, "authenticated": True, **more})


def arrived(
    *,
    message="m1",
    incoming=None,
    agency="",
    at=NOON,
    said=NOTHING,
    numbers=(),
    contact=VANE,
    channel="email",
    **more,
):
    got = process.receive(
        kind=CaseKind.DEMAND, channel=channel, received_at=at, message=message, incoming=incoming, agency=agency, said=said,
        contact=contact, by=SYSTEM, now=max(NOON, at), **more,
    )  # fmt: skip
    for number in numbers:
        cases.add_target(case=got.case, asked=Asked(number, APRIL, "cdr"), by=SYSTEM, now=NOON)
    return got


@pytest.mark.requirement("R-041", "R-042")
def test_a_demand_by_mail_opens_a_case_and_its_sender_is_told_the_number_once():
    got = arrived(incoming=mail())
    again = arrived(incoming=mail())

    assert got.id == again.id and LegalCase.objects.count() == 1
    (notice,) = Notice.objects.filter(message="demand_received")
    assert notice.recipient == VANE.email and got.reference in notice.text and notice.automatic
    assert queries.received(id=got.id, by=SYSTEM, now=NOON).answered_how == "automatic"
    assert queries.unanswered(by=make.analyst(), now=NOON) == []


@pytest.mark.requirement("R-042")
@pytest.mark.parametrize(
    ("manners", "why"),
    [({"auto_submitted": "auto-generated"}, "automatic itself"), ({"return_path": ""}, "null return path")],
)
def test_where_manners_forbid_an_answer_staff_see_that_the_number_was_not_delivered_and_send_it(manners, why):
    ruiz = make.analyst()
    got = arrived(incoming=mail(**manners))

    (waiting,) = queries.unanswered(by=ruiz, now=NOON)
    assert waiting.id == got.id and why in waiting.unanswered_why

    process.tell_number(received=got.id, to=VANE.email, by=ruiz, now=NOON)

    assert queries.unanswered(by=ruiz, now=NOON) == []
    with pytest.raises(process.CannotAnswer, match="already"):
        process.tell_number(received=got.id, to=VANE.email, by=ruiz, now=NOON)


@pytest.mark.sabotage("control 11")
def test_without_the_manners_an_automatic_message_would_be_answered(monkeypatch):
    monkeypatch.setattr("tecum.notices.operations.rules.why_not", lambda *_a, **_k: "")

    got = arrived(incoming=mail(auto_submitted="auto-generated"))

    assert queries.received(id=got.id, by=SYSTEM, now=NOON).answered_at is not None


def test_a_fax_is_entered_by_hand_with_the_time_it_came_and_the_number_is_told_by_telephone():
    ruiz = make.analyst()
    morning = NOON - timedelta(hours=5)
    got = process.receive(
        kind=CaseKind.DEMAND, channel="fax", received_at=morning, contact=VANE, by=ruiz, now=NOON
    )

    assert files.case(case=got.case, by=ruiz, now=NOON).received_at == morning
    assert queries.unanswered(by=ruiz, now=NOON)[0].unanswered_why == "it came by fax"
    with pytest.raises(process.CannotAnswer, match="Say how"):
        process.record_answer(received=got.id, how="pigeon", by=ruiz, now=NOON)
    assert (
        process.record_answer(received=got.id, how="telephone", by=ruiz, now=NOON).answered_how == "telephone"
    )


def test_a_time_of_receipt_that_has_not_come_is_now():
    got = process.receive(
        kind=CaseKind.DEMAND, channel="fax", received_at=NOON + timedelta(days=1), by=make.analyst(), now=NOON
    )

    assert got.received_at == NOON


def test_somebody_without_the_permission_receives_nothing():
    for nobody in (make.acting(make.officer()), make.acting(make.person(roles=["billing"]))):
        with pytest.raises(NotYours):
            process.receive(kind=CaseKind.DEMAND, channel="fax", received_at=NOON, by=nobody, now=NOON)
    assert Received.objects.count() == 0


def test_the_same_subpoena_by_fax_is_found_joined_to_the_older_and_parted_again():
    ruiz, home = make.analyst(), make.agency()
    said = Said(process="subpoena", number="GJ-2026/0417")
    first = arrived(agency=home.id, said=said, numbers=[NUMBER])
    second = arrived(
        message="", channel="fax", agency=home.id, at=NOON + timedelta(hours=2), numbers=[NUMBER],
        said=Said(process="subpoena", number="gj 2026 0417"),
    )  # fmt: skip
    later = NOON + timedelta(hours=3)

    (found,) = queries.find_duplicates(received=second.id, by=ruiz, now=later)
    assert (found.received, found.signs) == (first.id, (Sign.PROCESS_NUMBER, Sign.NUMBERS))
    joined = process.join(received=first.id, to=second.id, by=ruiz, now=later)  # named the wrong way round

    assert joined.id == second.id and joined.repeats == first.id
    assert files.case(case=second.case, by=ruiz, now=later).state is CaseState.JOINED
    assert files.count(by=ruiz, now=later) == 1
    with pytest.raises(process.CannotDecide):
        process.join(received=first.id, to=second.id, by=ruiz, now=later)

    parted = process.part(received=second.id, by=ruiz, now=later)

    assert (parted.state, parted.received_at) == (ReceivedState.RECEIVED, second.received_at)
    assert files.case(case=second.case, by=ruiz, now=later).state is CaseState.OPEN


def test_another_agencys_paper_with_the_same_number_is_another_paper():
    ruiz = make.analyst()
    said = Said(number="2026-0417")
    arrived(agency=make.agency().id, said=said, numbers=[NUMBER])
    other = arrived(message="m2", agency=make.agency().id, said=said, numbers=[NUMBER])

    assert queries.find_duplicates(received=other.id, by=ruiz, now=NOON) == []


@pytest.mark.sabotage("control 8")
def test_a_sealed_case_is_no_duplicate_for_whoever_may_not_know_of_it(monkeypatch):
    ruiz, vale, other = make.analyst(), make.analyst(), make.analyst()
    home, said = make.agency(), Said(number="GJ-1")
    first = arrived(agency=home.id, said=said)
    cases.seal(case=first.case, people=[vale.ref], by=ruiz, now=NOON)
    second = arrived(message="m2", agency=home.id, said=said)

    assert queries.find_duplicates(received=second.id, by=other, now=NOON) == []
    assert [each.received for each in queries.find_duplicates(received=second.id, by=ruiz, now=NOON)] == [
        first.id
    ]
    with pytest.raises(NotYours):
        queries.received(id=first.id, by=other, now=NOON)
    with pytest.raises(NotYours):
        process.join(received=second.id, to=first.id, by=other, now=NOON)

    monkeypatch.setattr(
        "tecum.process.queries.readable", lambda **_k: Received.objects.select_related("case")
    )
    assert queries.find_duplicates(received=second.id, by=other, now=NOON) != []


def test_a_deficiency_letter_is_previewed_sent_as_previewed_and_the_clock_stands_still():
    ruiz = make.analyst()
    got = arrived(said=Said(process="subpoena", signed=False))
    cases.start_clock(
        case=got.case, kind="answer", started_at=NOON, due_at=NOON + timedelta(days=9), by=ruiz, now=NOON
    )

    draft = process.deficiency(received=got.id, by=ruiz, now=NOON, note="Call us.")
    sent = process.send_deficiency(received=got.id, by=ruiz, now=NOON, note="Call us.")

    letter = Notice.objects.get(message="process_deficient")
    assert sent.state is ReceivedState.DEFICIENT and letter.recipient == VANE.email == draft.to
    said = " ".join(letter.text.split())
    for sentence in draft.context["findings"]:
        assert " ".join(sentence.split())[:40] in said
    assert "It is not signed." in letter.text and "Call us." in letter.text and got.reference in letter.text
    (clock,) = files.clocks(case=got.case, by=ruiz, now=NOON)
    assert clock.state is ClockState.PAUSED
    assert sent.received_at == NOON  # the arrival stays
    (event,) = [each for each in trail.since(NOON) if each.event == "process.deficient"]
    assert "signature" in event.data["codes"]

    mended = process.receive(
        kind=CaseKind.DEMAND, channel="email", received_at=NOON + timedelta(days=3), case=got.case, message="m9",
        by=SYSTEM, now=NOON + timedelta(days=3),
    )  # fmt: skip

    assert mended.case == got.case and LegalCase.objects.count() == 1
    (clock,) = files.clocks(case=got.case, by=ruiz, now=NOON)
    assert clock.state is ClockState.RUNNING and clock.due_at == NOON + timedelta(days=12)


def test_a_letter_that_says_nothing_or_has_no_address_is_not_sent():
    ruiz = make.analyst()
    got = arrived(contact=Contact(name="Vane"))
    some = len([each for each in queries.checklist(received=got.id, by=ruiz, now=NOON) if each.met is False])

    with pytest.raises(process.CannotSend, match="at least one finding"):
        process.send_deficiency(received=got.id, leave_out=range(some), by=ruiz, now=NOON)
    with pytest.raises(process.CannotSend, match="no address"):
        process.send_deficiency(received=got.id, by=ruiz, now=NOON)
    assert queries.received(id=got.id, by=ruiz, now=NOON).state is ReceivedState.RECEIVED
    assert not Notice.objects.filter(message="process_deficient").exists()


def test_a_process_is_sound_only_once_a_person_read_it_and_what_is_missing_needs_a_reason():
    ruiz = make.analyst()
    got = arrived(said=Said(process="subpoena"))
    with pytest.raises(process.CannotDecide, match="nobody has read it"):
        process.accept(received=got.id, by=ruiz, now=NOON, despite="fine")
    process.confirm(received=got.id, said=Said(process="subpoena", signed=True), by=ruiz, now=NOON)

    with pytest.raises(process.CannotDecide, match="Not everything"):
        process.accept(received=got.id, by=ruiz, now=NOON)
    found = process.accept(received=got.id, by=ruiz, now=NOON, despite="counsel agreed by telephone")

    assert found.state is ReceivedState.SOUND
    assert "counsel agreed" in files.notes(case=got.case, by=ruiz, now=NOON)[0].text
    assert process.look_again(received=got.id, by=ruiz, now=NOON).state is ReceivedState.RECEIVED


def test_a_process_that_is_not_acted_on_says_why():
    ruiz, got = make.analyst(), arrived()
    with pytest.raises(process.CannotSend, match="Say why"):
        process.send_not_honoured(received=got.id, reason="", by=ruiz, now=NOON)

    process.send_not_honoured(
        received=got.id, reason="Fraudbuster is not named in the body.", by=ruiz, now=NOON
    )

    assert "Fraudbuster is not named" in Notice.objects.get(message="process_not_honoured").text
    with pytest.raises(process.CannotDecide, match="already not honoured"):
        process.send_deficiency(received=got.id, note="x", by=ruiz, now=NOON)


@pytest.mark.requirement("R-158", "R-160", "R-161")
def test_a_partners_subpoena_is_told_where_it_belongs_and_its_arrival_is_kept(settings):
    settings.TECUM_GUIDE = "wireless-2003"
    ruiz = make.analyst()
    said = Said(process="subpoena", region="GA", city="Albany", signed=True)
    got = arrived(message="", channel="fax", said=said, incoming=None)

    draft = process.redirection(received=got.id, by=ruiz, now=NOON)

    assert draft.context["provider"] == "Nextel Partners"
    assert any("702" in line for line in draft.context["where"])
    assert policy.at(NOON).guide.name == "wireless-2003"
    with pytest.raises(NotInGuide, match="no mailbox"):
        process.send_elsewhere(received=got.id, to=VANE.email, by=ruiz, now=NOON)

    process.send_elsewhere(received=got.id, to="post", by=ruiz, now=NOON)

    (letter,) = [each for each in files.entries(case=got.case, by=ruiz, now=NOON) if each.channel == "post"]
    assert "Nextel Partners" in letter.said["text"]
    assert files.case(case=got.case, by=ruiz, now=NOON).outcome == "elsewhere"
    again = process.look_again(received=got.id, by=ruiz, now=NOON)
    assert (again.state, again.received_at) == (ReceivedState.RECEIVED, NOON)


@pytest.mark.requirement("R-162")
def test_a_partners_court_order_stays_open_here_because_a_copy_is_worked_on(settings):
    settings.TECUM_GUIDE = "wireless-2003"
    ruiz = make.analyst()
    order = next(each.id for each in policy.at(NOON).process_types if each.kind == "title_iii_order")
    got = arrived(message="", channel="fax", said=Said(process=order, region="GA", city="Albany"))

    assert process.redirection(received=got.id, by=ruiz, now=NOON).copies

    process.send_elsewhere(received=got.id, to="post", by=ruiz, now=NOON)

    assert files.case(case=got.case, by=ruiz, now=NOON).state is CaseState.OPEN


@pytest.mark.requirement("R-159")
def test_albany_new_york_and_albany_georgia_are_two_places_and_one_that_is_ours_is_not_sent_away(settings):
    settings.TECUM_GUIDE = "wireless-2003"
    ruiz = make.analyst()
    for n, (region, city, partners) in enumerate(
        [("GA", "Albany", True), ("NY", "Albany", True), ("CA", "Albany", False)]
    ):
        got = arrived(message=f"m{n}", channel="fax", said=Said(process="subpoena", region=region, city=city))

        assert (queries.elsewhere(received=got.id, by=ruiz, now=NOON) is not None) is partners
