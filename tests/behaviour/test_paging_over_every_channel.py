"""A page by PagerDuty, voice, text message, signed request and mail: what each says, and each way in which it fails."""

import base64
from datetime import timedelta

import pytest

from tecum.deadlines import queries as deadlines
from tecum.jobs import following, outbox
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Notice
from tecum.notices.drivers.webhook import signature
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.oncall.states import EntryKind
from tests import make, pagers
from tests.make import NOON, ROOT, later
from tests.pagers import DROP, HANG, KEY, WAYS, PagerPeer

pytestmark = [pytest.mark.django_db(transaction=True)]
SYSTEM = Actor.system("tests")
SECOND = timedelta(seconds=1)


@pytest.fixture
def peer(settings, tmp_path, monkeypatch):
    with pagers.listening(PagerPeer()) as found:
        pagers.carrier(settings, tmp_path, found.address, monkeypatch)
        yield found


def on_call(*ways):
    who = make.person("Jonah Fairweather", roles=["on_call_administrator"])
    oncall.add_shift(person=who.ref, period=Period(NOON, later(hours=12)), by=ROOT, now=NOON)
    oncall.set_ways(person=who.ref, ways=ways, by=ROOT, now=NOON)
    return who


def begun():
    row = oncall.begin(about="call:1", cause="voicemail", by=SYSTEM, now=NOON)
    following.follow_all(lambda: NOON, following.LADDER)
    return row


def kinds(row, kind):
    view = queries.escalation(id=row.id, by=SYSTEM, now=NOON)
    return [each for each in view.entries if each.kind is kind]


@pytest.mark.parametrize("way", WAYS)
def test_each_channel_says_the_reference_and_the_link_and_proves_who_it_is(peer, way):
    on_call(way)
    row = begun()

    assert outbox.page_all(lambda: NOON) == 1

    assert Notice.objects.get().state == "SENT"
    heard = peer.heard[0]
    text = heard.body.decode()
    assert row.reference in text
    proves = {
        "pager:duty": lambda: (
            heard.said["routing_key"] == KEY.decode() and heard.said["event_action"] == "trigger"
        ),
        "sms:2925550163": lambda: basic(heard, "Messages") and "on-call/pages" in heard.said["Body"],
        "call:2925550163": lambda: basic(heard, "Calls") and "on-call" not in heard.said["Twiml"],
        "pager:bridge/team-two": lambda: signed(heard) and heard.said["to"] == "team-two",
    }
    assert proves[way]()


def basic(heard, what):
    pair = base64.b64encode(b"AC1:" + KEY).decode()
    return (
        heard.headers["authorization"] == f"Basic {pair}"
        and heard.path == f"/2010-04-01/Accounts/AC1/{what}.json"
    )


def signed(heard):
    id, stamp = heard.headers["webhook-id"], int(heard.headers["webhook-timestamp"])
    return heard.headers["webhook-signature"] == signature(KEY, id=id, timestamp=stamp, body=heard.body)


@pytest.mark.parametrize("fault", [500, 503, 429, HANG, DROP])
@pytest.mark.parametrize("way", WAYS)
def test_a_fault_of_the_wire_is_tried_again_ten_seconds_later_under_the_same_key(peer, way, fault):
    peer.moods = [fault, 202]
    on_call(way)
    begun()

    outbox.page_all(lambda: NOON)
    assert Notice.objects.get().state == "QUEUED"
    outbox.page_all(lambda: NOON + 10 * SECOND)

    assert Notice.objects.get().state == "SENT"
    names = [each.said.get("dedup_key") or each.headers.get("webhook-id") for each in peer.heard]
    assert len(names) == 2
    assert len(set(names)) == 1  # where the other side knows keys, it rings once


@pytest.mark.both_databases
@pytest.mark.parametrize("way", WAYS[:2])
def test_a_page_that_is_refused_gives_its_time_to_the_next_step_at_once(peer, way):
    peer.moods = [400]
    on_call(way)
    row = begun()

    outbox.page_all(lambda: NOON)
    following.follow_all(lambda: NOON + SECOND, following.LADDER)

    assert len(kinds(row, EntryKind.UNDELIVERED)) == 1
    assert [each.step for each in kinds(row, EntryKind.STEP)] == [1, 2]


def test_a_way_that_stays_dead_is_given_up_within_two_minutes_and_the_ladder_goes_on(peer):
    peer.moods = [500]
    on_call("pager:duty")
    row = begun()

    for second in range(0, 140, 10):
        outbox.page_all(lambda at=second: NOON + at * SECOND)
        following.follow_all(lambda at=second: NOON + at * SECOND, following.LADDER)

    steps = [(each.step, each.at - NOON) for each in kinds(row, EntryKind.STEP)]
    assert steps[:2] == [(1, timedelta()), (2, 120 * SECOND)]


def test_one_dead_way_of_two_stops_nothing_and_hurries_nothing(peer):
    peer.moods = [400, 202]
    on_call("pager:duty", "pager:bridge")
    row = begun()

    outbox.page_all(lambda: NOON)
    following.follow_all(lambda: NOON + SECOND, following.LADDER)

    assert sorted(Notice.objects.values_list("state", flat=True)) == ["FAILED", "SENT"]
    assert [each.step for each in kinds(row, EntryKind.STEP)] == [1]


@pytest.mark.both_databases
def test_a_page_that_no_channel_delivers_still_reaches_the_noc(peer):
    peer.moods = [400]
    on_call(*WAYS)
    centre = make.person("Night Desk", roles=["noc_escalation"])
    row = begun()

    for second in range(4):
        outbox.page_all(lambda at=second: NOON + at * SECOND)
        following.follow_all(lambda at=second: NOON + at * SECOND, following.LADDER)
    outbox.page_all(lambda: NOON + 5 * SECOND)

    sent = {
        each.who for each in kinds(row, EntryKind.PAGED) if Notice.objects.get(pk=each.notice).state == "SENT"
    }
    assert sent == {"desk:noc", centre.ref}  # by mail, within seconds
    assert deadlines.is_armed("oncall.step", subject=row.id)


@pytest.mark.requirement("R-087")
def test_the_telephone_of_the_noc_is_rung_where_the_guide_has_a_voice_interface(peer):
    begun()  # nobody is on call: the NOC's step fires at once

    outbox.page_all(lambda: NOON)

    rung = [each.said["To"] for each in peer.heard if each.path.endswith("/Calls.json")]
    assert rung == ["+12925550171"]


def test_a_key_that_is_missing_puts_the_page_off_and_never_loses_it(peer, tmp_path):
    (tmp_path / "secrets" / "pagers" / "duty").unlink()
    on_call("pager:duty")
    begun()

    outbox.page_all(lambda: NOON)

    assert Notice.objects.get().state == "QUEUED"


def test_a_way_that_the_guide_does_not_know_is_refused_when_it_is_entered(peer):
    who = on_call("pager:duty")

    with pytest.raises(oncall.CannotRoster, match="sms:12"):
        oncall.set_ways(person=who.ref, ways=["sms:12"], by=ROOT, now=NOON)


def test_pages_are_sent_side_by_side_so_that_a_dead_interface_holds_up_no_other(peer):
    peer.moods = [HANG, 202]
    on_call("pager:duty", "pager:bridge")
    begun()

    outbox.page_all(lambda: NOON)

    assert sorted(Notice.objects.values_list("state", flat=True)) == ["QUEUED", "SENT"]
