"""A voicemail by webhook, a fax or voicemail by mail, a call that somebody types in, and a cut that nobody makes."""

import json
from datetime import timedelta

import pytest
import time_machine

from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Escalation, TrailLeaf
from tecum.notices.drivers.webhook import signature
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.operations import Call
from tecum.oncall.rules.views import Caller
from tecum.oncall.states import EntryKind
from tecum.surveillance.drivers.simulator import Mood
from tests import letters, make, taps
from tests.make import NOON, later
from tests.taps import wireless  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("tests")
EMERGENCY = "emergency@meadowlark.example"
SECRET = b"what the telephone system knows"
SAID = {
    "left_at": later(minutes=-3).isoformat(),
    "number": "2925550142",
    "caller": "MARROW CO SHERIFF",
    "transcript": "a child",
}


@pytest.fixture
def telephone(client, settings, tmp_path):
    """The telephone system, which posts to the line `night`."""
    (tmp_path / "telephony").mkdir()
    (tmp_path / "telephony" / "night").write_bytes(SECRET)
    settings.TECUM_SECRETS = str(tmp_path)

    def post(said=SAID, *, id="vm-1", at=NOON, secret=SECRET, line="night", sent_at=NOON):
        body = json.dumps(said).encode()
        stamp = int(sent_at.timestamp())
        head = {
            "webhook-id": id, "webhook-timestamp": str(stamp),
            "webhook-signature": signature(secret, id=id, timestamp=stamp, body=body),
        }  # fmt: skip
        with time_machine.travel(at, tick=False):
            return client.post(
                f"/api/v1/telephony/{line}/voicemails", body, content_type="application/json", headers=head
            )

    return post


def kinds(row):
    return [each.kind for each in queries.escalation(id=row.pk, by=SYSTEM, now=NOON).entries]


@pytest.mark.requirement("R-084")
def test_a_voicemail_starts_the_ladder_counted_from_when_it_was_left(telephone):
    answer = telephone()

    row = Escalation.objects.get()
    assert (answer.status_code, answer.json()["reference"]) == (202, row.reference)
    assert row.received_at == later(minutes=-3)
    assert kinds(row) == [EntryKind.BEGUN, EntryKind.VOICEMAIL_LEFT]


def test_the_caller_is_sealed_and_in_no_event(telephone):
    telephone()

    row = Escalation.objects.get()
    for secret in (b"2925550142", b"MARROW", b"a child"):
        assert secret not in bytes(row.caller)
        assert not any(secret in bytes(leaf.body) for leaf in TrailLeaf.objects.all())
    on_call = make.acting(make.person("Jonah Fairweather", roles=["on_call_administrator"]))
    caller, _ = oncall.read_caller(escalation=row.pk, by=on_call, now=NOON)
    assert (caller.number, caller.name, caller.said) == ("2925550142", "MARROW CO SHERIFF", "a child")


@pytest.mark.both_databases
def test_the_same_voicemail_again_rings_nobody_a_second_time_even_when_it_is_over(telephone):
    telephone()
    on_call = make.acting(make.person("Jonah Fairweather", roles=["on_call_administrator"]))
    oncall.call_back(
        escalation=Escalation.objects.get().pk,
        spoke_with="Det. Quill",
        number="2925550142",
        at=NOON,
        by=on_call,
        now=NOON,
    )

    telephone(at=later(minutes=1))

    assert Escalation.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": b"another"},
        {"line": "unknown"},
        {"line": "..%2Fdkim"},
        {"sent_at": later(minutes=-6)},
        {"sent_at": later(minutes=6)},
        {"id": "a b"},
    ],
    ids=str,
)
def test_what_is_not_signed_freshly_by_the_telephone_system_starts_nothing(telephone, wrong):
    assert telephone(**wrong).status_code in (401, 404)
    assert not Escalation.objects.exists()


def test_a_voicemail_from_tomorrow_or_last_week_counts_from_what_can_be(telephone):
    telephone({**SAID, "left_at": later(hours=20).isoformat()}, id="a")
    telephone({**SAID, "left_at": later(hours=-200).isoformat()}, id="b")

    found = set(Escalation.objects.values_list("received_at", flat=True))
    assert found == {NOON, NOON - timedelta(hours=24)}


@pytest.mark.requirement("R-095")
@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Fax from 292 555 0142, 3 pages", "Auto-Submitted: auto-generated\r\n"),
        ("New voicemail", "Precedence: bulk\r\n"),
        ("Exigent request", ""),
    ],
)
def test_a_fax_or_voicemail_by_mail_starts_the_ladder_whatever_its_headers_say(subject, headers):
    fax = letters.letter(
        subject, to=EMERGENCY, headers=headers, sender="Fax <fax@gateway.example>",
        files=(("fax.pdf", "application/pdf", letters.a_pdf()),),
    )  # fmt: skip
    letters.arrived(fax, to=EMERGENCY)

    following.follow_all(lambda: NOON + timedelta(seconds=10), following.LADDER)

    row = Escalation.objects.get()
    assert row.about.startswith("case:")  # it rings once, about the case that it became
    assert row.received_at == NOON


@pytest.mark.requirement("R-095")
def test_a_fax_that_nobody_can_read_or_place_still_starts_the_ladder():
    two_senders = letters.letter(
        "Fax", to=EMERGENCY, sender="Fax <fax@gateway.example>\r\nFrom: b@other.example"
    )
    letters.arrived(two_senders, to=EMERGENCY)

    following.follow_all(lambda: NOON + timedelta(seconds=10), following.LADDER)

    row = Escalation.objects.get()
    assert row.about.startswith("message:")
    assert row.received_at == NOON


def test_a_letter_to_another_mailbox_wakes_nobody_though_it_shouts():
    letters.arrived(
        letters.letter("EMERGENCY kidnapping", to="portal@meadowlark.example"), to="portal@meadowlark.example"
    )

    following.follow_all(lambda: NOON, following.LADDER)

    assert not Escalation.objects.exists()


def call(**more):
    said = {"caller": Caller("Det. Quill", "292 555 0142", "", ""), "at": later(minutes=-35), "voicemail_left": True,
            "page_attempted": True}  # fmt: skip
    return Call(**(said | more))


@pytest.mark.requirement("R-088")
@pytest.mark.both_databases
def test_the_noc_types_a_call_in_and_what_the_caller_tried_stands_in_the_record():
    centre = make.acting(make.person("Night Desk", roles=["noc_escalation"]))

    row = oncall.take_call(call=call(), by=centre, now=NOON)

    told = [each.kind for each in queries.escalation(id=row.id, by=centre, now=NOON).entries]
    assert told == [EntryKind.BEGUN, EntryKind.VOICEMAIL_LEFT, EntryKind.PAGE_ATTEMPTED]
    with pytest.raises(NotYours):
        oncall.read_caller(escalation=row.id, by=centre, now=NOON)


def test_a_call_that_waited_longer_than_the_ladder_is_paged_to_its_top_at_once():
    centre = make.acting(make.person("Night Desk", roles=["noc_escalation"]))
    row = oncall.take_call(call=call(), by=centre, now=NOON)

    following.follow_all(lambda: NOON, following.LADDER)

    steps = [
        each.step
        for each in queries.escalation(id=row.id, by=centre, now=NOON).entries
        if each.kind is EntryKind.STEP
    ]
    assert steps == [1, 2, 3]


def test_what_the_caller_tells_the_noc_later_is_added_and_only_while_it_is_open():
    centre = make.acting(make.person("Night Desk", roles=["noc_escalation"]))
    row = oncall.begin(about="voicemail:1", cause="voicemail", by=SYSTEM, now=NOON)

    oncall.caller_says(escalation=row.id, voicemail_left=False, page_attempted=True, by=centre, now=NOON)

    assert kinds(Escalation.objects.get()) == [EntryKind.BEGUN, EntryKind.PAGE_ATTEMPTED]
    with pytest.raises(oncall.CannotEscalate, match="what the caller told"):
        oncall.caller_says(escalation=row.id, voicemail_left=False, page_attempted=False, by=centre, now=NOON)


@pytest.mark.parametrize(
    "wrong", [{"caller": Caller("Det. Quill")}, {"at": later(minutes=1)}, {"at": later(hours=-25)}]
)
def test_a_call_without_a_number_or_at_an_instant_that_cannot_be_is_refused(wrong):
    centre = make.acting(make.person("Night Desk", roles=["noc_escalation"]))

    with pytest.raises(oncall.CannotEscalate):
        oncall.take_call(call=call(**wrong), by=centre, now=NOON)


def test_a_message_that_became_a_case_is_the_same_escalation_under_its_new_name():
    first = oncall.begin(about="message:1", cause="message", by=SYSTEM, now=NOON)

    second = oncall.begin(
        about="case:1", instead_of="message:1", cause="exigent_request", by=SYSTEM, now=NOON
    )

    assert (second.id, second.about) == (first.id, "case:1")


THURSDAY = NOON + timedelta(days=9)


@pytest.mark.usefixtures("wireless")
def test_a_cut_by_hand_that_no_technician_accepted_wakes_whoever_is_on_call():
    taps.order().authorize(taps.pen("mso-east"), ends_at=THURSDAY).activate()
    taps.carried(NOON + timedelta(seconds=1))

    following.follow_all(lambda: THURSDAY - timedelta(hours=3))
    following.follow_all(lambda: THURSDAY - timedelta(hours=3), following.LADDER)

    row = Escalation.objects.get()
    assert (row.cause, row.about.partition(":")[0]) == ("end_unaccepted", "surveillance")
    assert EntryKind.STEP in kinds(row)


@pytest.mark.usefixtures("wireless")
def test_a_switch_that_holds_what_may_not_be_on_wakes_whoever_is_on_call():
    taps.order().authorize(taps.pen("training-1"), ends_at=THURSDAY).activate()
    taps.carried(NOON + timedelta(seconds=1))
    taps.switch("training-1").behave(Mood.SILENT, times=-1)
    taps.carried(THURSDAY + timedelta(seconds=1))
    taps.watched(THURSDAY + timedelta(minutes=1))

    following.follow_all(lambda: THURSDAY + timedelta(minutes=2))

    assert "switch_disobeys" in set(Escalation.objects.values_list("cause", flat=True))
