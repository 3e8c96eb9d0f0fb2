"""
T13: a copy is put back, also an old one: nothing that ended since comes back to life, and without the keys nothing of it can
be read (control 13). Everything here is a copy that the product made, put back by the product, into another database.
"""

import contextlib
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django
from django.db import connection, transaction

from tecum.accounts.operations import standing
from tecum.approvals.operations import SamePerson
from tecum.assurance import invariants
from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cli import main as cli
from tecum.config import clock
from tecum.documents import operations as documents
from tecum.jobs import recovering, switches
from tecum.jobs.lanes import IN_RECOVERY, all_lanes
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.models import Handover, Notice, Recovery, RetentionEpoch, SwitchOrder, Tap, TrailLeaf, Visit
from tecum.recovery import operations as recovery
from tecum.recovery import queries
from tecum.recovery.drivers import copies, databases
from tecum.secrecy import operations as secrecy
from tecum.surveillance import operations as surveillance
from tests import make
from tests import taps as surveillances
from tests.make import NOON
from tests.taps import OTHER, order, pen, switch

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM, ROOT = Actor.system("tests"), make.ROOT
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
CANARIES = (b"canary-note-vane", b"canary-paper-vane", b"2925550143")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings, outside):
    settings.TECUM_GUIDE = "wireless-2003"
    settings.DATA = tmp_path / "data"
    settings.MEDIA_ROOT = tmp_path / "data" / "files"
    settings.TECUM_RECORDS = str(tmp_path / "data" / "records")
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    return tmp_path


@contextlib.contextmanager
def another_installation(folder: Path, settings):
    """Let everything in this process speak to an empty database and an empty data folder, for a while."""
    told, before = connection.settings_dict, connection.settings_dict["NAME"]
    name = str(folder / "tecum.sqlite3") if connection.vendor == "sqlite" else "restored"
    folder.mkdir()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP DATABASE IF EXISTS restored")
            cursor.execute("CREATE DATABASE restored TEMPLATE template0")
    connection.close()
    kept = (settings.DATA, settings.MEDIA_ROOT, settings.TECUM_RECORDS)
    told["NAME"] = name
    settings.DATA, settings.MEDIA_ROOT = folder, folder / "files"
    settings.TECUM_RECORDS = str(folder / "records")
    try:
        yield
    finally:
        connection.close()
        told["NAME"] = before
        settings.DATA, settings.MEDIA_ROOT, settings.TECUM_RECORDS = kept
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("DROP DATABASE restored WITH (FORCE)")


def copied(tmp_path: Path, now=NOON, name: str = "copy") -> copies.Copy:
    return recovering.copy(tmp_path / "elsewhere" / name, by=ROOT, now=now)


def put_back(made: copies.Copy, now=NOON + DAY, earlier: str = "") -> recovering.Done:
    copies.put_back(copies.read(made.folder))
    return recovering.begin(made, origin="example.net/trail-2", earlier=earlier, by=ROOT, now=now)


def the_switch_stays_where_it_is(tmp_path: Path) -> None:
    """A switch is another machine: what it does is not in any copy."""
    shutil.rmtree(django.DATA / "switches", ignore_errors=True)
    shutil.copytree(tmp_path / "data" / "switches", django.DATA / "switches")


def carried(now) -> None:
    surveillances.carried(now)
    surveillances.watched(now)
    surveillances.carried(now + MINUTE)


def test_a_copy_is_whole_names_its_checkpoint_and_a_changed_byte_is_found(tmp_path):
    with transaction.atomic():
        matter = secrecy.open_matter(kind="cases", by=SYSTEM, now=NOON)
        documents.store(b"paper", matter=matter, purpose="x", media_type="text/plain", by=SYSTEM, now=NOON)

    made = copied(tmp_path)

    assert copies.read(made.folder).digest == made.digest
    assert made.checkpoint == trail.latest_checkpoint().note or made.entries <= trail.state().size
    assert TrailLeaf.objects.filter(event="recovery.copied").count() == 1
    path = next((made.folder / "files").rglob("*/*/*"))
    path.write_bytes(b"other" + path.read_bytes()[5:])
    with pytest.raises(copies.NotACopy, match="1 files of this copy"):
        copies.read(made.folder)


def test_it_is_put_into_an_empty_installation_only(tmp_path, settings):
    made = copied(tmp_path)

    with pytest.raises(copies.NotEmpty):
        copies.put_back(made)
    with pytest.raises(copies.NotEmpty):
        copied(tmp_path)
    with another_installation(tmp_path / "new", settings):
        assert databases.is_empty()
        copies.put_back(made)
        assert not databases.is_empty()


@pytest.mark.sabotage("control 13")
@pytest.mark.broken_on_purpose("I9")  # no sender runs in this scene: what it wrote waits
def test_nothing_that_ended_after_the_copy_comes_back_to_life(tmp_path, settings):
    """A surveillance, a session and an offer that ended, a notice that was sent: the copy knows of none of that."""
    found = order().authorize().activate()
    carried(NOON)
    officer = make.officer()
    Visit.objects.create(id="s-1", person_id=officer.id, opened_at=NOON, seen_at=NOON, alone=True)
    Notice.objects.create(
        message="order_receipt", guide_version="g", recipient="clerk@court.example", subject="s", message_id="<1@x>",
        enqueued_at=NOON, enqueued_by="system:x", attempt_at=NOON,
    )  # fmt: skip
    made = copied(tmp_path)
    surveillance.end(
        surveillance=found.surveillance, why="carrier_decided", by=found.at(found.approver, NOON + HOUR), now=NOON + HOUR
    )  # fmt: skip
    carried(NOON + HOUR)
    assert switch().listing() == ()
    later = NOON + DAY
    while audit.seal(now=later):
        pass
    audit.publish_checkpoint(now=later)
    known = trail.state().size

    with another_installation(tmp_path / "new", settings):
        done = put_back(made)
        the_switch_stays_where_it_is(tmp_path)
        carried(later)
        carried(later + HOUR)

        assert switch().listing() == ()
        assert (
            Tap.objects.get().state == "ACTIVE"
        )  # what the copy says; the desk sees that the switch does not
        assert (done.doors, done.notices) == (1, 1)
        assert not Visit.objects.filter(ended_at=None).exists()
        assert Notice.objects.get().state == "NOT_SENT"
        assert (done.recovery.known_outside, done.recovery.in_copy) == (known, made.entries)
        first = TrailLeaf.objects.get(log__origin="example.net/trail-2", position=1)
        assert first.event == "trail.opened"
        assert trail.state().origin == "example.net/trail-2"


def test_what_comes_to_its_end_is_cut_in_a_recovery_and_what_waits_to_start_does_not(tmp_path, settings):
    ends_soon = order().authorize(ends_at=NOON + 2 * HOUR).activate()
    carried(NOON)
    waits = order().authorize(pen(number=OTHER), starts_at=NOON).activate()
    made = copied(tmp_path)

    with another_installation(tmp_path / "new", settings):
        put_back(made, now=NOON + HOUR)
        the_switch_stays_where_it_is(tmp_path)
        carried(NOON + HOUR)
        on_before = {each.number for each in switch().listing()}
        carried(NOON + 3 * HOUR)

        assert on_before == {surveillances.NUMBER}
        assert switch().listing() == ()
        states = dict(Tap.objects.values_list("target__surveillance", "state"))
        assert states == {ends_soon.surveillance: "ENDED", waits.surveillance: "STARTING"}


def test_work_that_the_copy_holds_open_starts_nothing_until_two_people_say_so(tmp_path, settings):
    found = order().authorize(pen("mso-east")).activate()
    carried(NOON)
    made = copied(tmp_path)

    with another_installation(tmp_path / "new", settings):
        put_back(made, now=NOON + HOUR)
        work = SwitchOrder.objects.get(what="on")
        ines = surveillances.technician("Ines Okafor", NOON + HOUR)
        with pytest.raises(surveillance.CannotWork, match="put back from a copy"):
            surveillance.accept(order=work.pk, by=ines, now=NOON + HOUR)

        ada, bo = found.at(found.proposer, NOON + HOUR), found.at(found.approver, NOON + HOUR)
        asked = surveillance.propose_resume(surveillance=found.surveillance, by=ada, now=NOON + HOUR)
        surveillance.approve_resume(
            surveillance=found.surveillance, approval=asked.id, by=bo, now=NOON + HOUR
        )
        surveillance.accept(order=work.pk, by=ines, now=NOON + HOUR)

        assert SwitchOrder.objects.get(what="on").state == "ACCEPTED"


def test_two_people_let_one_surveillance_start_again_and_two_people_leave(tmp_path, settings):
    waits = order().authorize().activate()
    other = order().authorize(pen(number=OTHER)).activate()
    made = copied(tmp_path)
    now = NOON + HOUR

    with another_installation(tmp_path / "new", settings):
        put_back(made, now=now)
        ada, bo = waits.at(waits.proposer, now), waits.at(waits.approver, now)
        asked = surveillance.propose_resume(surveillance=waits.surveillance, by=ada, now=now)
        with pytest.raises(SamePerson):
            surveillance.approve_resume(surveillance=waits.surveillance, approval=asked.id, by=ada, now=now)
        with pytest.raises(NotYours):
            surveillance.approve_resume(surveillance=other.surveillance, approval="0", by=bo, now=now)
        carried(now)
        assert switch().listing() == ()

        surveillance.approve_resume(surveillance=waits.surveillance, approval=asked.id, by=bo, now=now)
        carried(now)
        assert [each.number for each in switch().listing()] == [surveillances.NUMBER]

        leave = recovery.propose_leave(by=ada, now=now)
        with pytest.raises(SamePerson):
            surveillance.approve_leave(approval=leave.id, by=ada, now=now)
        surveillance.approve_leave(approval=leave.id, by=bo, now=now)
        carried(now + HOUR)

        assert not queries.is_under_way()
        assert len(switch().listing()) == 2
        assert Recovery.objects.get().left_by == bo.ref


def test_people_outside_the_carrier_are_answered_nothing_in_a_recovery(tmp_path, settings):
    officer = make.officer()
    made = copied(tmp_path)

    with another_installation(tmp_path / "new", settings):
        put_back(made)
        with pytest.raises(recovery.InRecovery, match="put back from a copy"), transaction.atomic():
            standing.stand(by=make.acting(officer), now=NOON + DAY)
        with transaction.atomic():
            standing.stand(by=make.analyst("Ada Vole"), now=NOON + DAY)


def test_lanes_that_do_not_know_what_ended_rest(tmp_path, settings, monkeypatch):
    made = copied(tmp_path)
    monkeypatch.setattr("tecum.jobs.records.step", lambda _clock: 7)

    with another_installation(tmp_path / "new", settings):
        put_back(made)
        lanes = all_lanes()

        assert {"terminate", "switch-watch", "trail", "checkpoint"} <= IN_RECOVERY < set(lanes)
        assert lanes["retention"].step(lambda: NOON + DAY) == 0
        assert lanes["searches"].step(lambda: NOON + DAY) == 0


@pytest.mark.sabotage("control 13")
def test_without_the_keys_no_canary_can_be_read_in_any_byte_of_a_copy(tmp_path, settings):
    ruiz = make.analyst()
    home = make.legal_case(by=ruiz)
    cases.add_note(case=home.id, text=CANARIES[0].decode(), by=ruiz, now=NOON)
    with transaction.atomic():
        documents.store(
            CANARIES[1], matter=home.matter, purpose="x", media_type="text/plain", by=ruiz, now=NOON
        )
    order().authorize(pen(number=OTHER)).activate()
    made = copied(tmp_path)

    raw = b"".join(path.read_bytes() for path in made.folder.rglob("*") if path.is_file())
    keys = [path.read_bytes() for path in Path(settings.TECUM_EPOCH_KEYS).iterdir()]

    assert [canary for canary in CANARIES if canary in raw] == []
    assert [key for key in keys if key in raw] == []
    with another_installation(tmp_path / "new", settings):
        put_back(made)
        assert [each.text for each in files.notes(case=home.id, by=SYSTEM, now=NOON)] == [
            CANARIES[0].decode()
        ]
        settings.TECUM_EPOCH_KEYS = str(tmp_path / "no-keys")
        assert CANARIES[0].decode() not in str(files.notes(case=home.id, by=SYSTEM, now=NOON))


def test_an_old_copy_does_not_bring_back_what_was_destroyed(tmp_path, settings):
    ruiz = make.analyst()
    home = make.legal_case(by=ruiz)
    cases.add_note(case=home.id, text="the canary", by=ruiz, now=NOON)
    made = copied(tmp_path)
    epoch = RetentionEpoch.objects.get(kind="cases").pk
    secrecy.destroy_epoch(epoch, by=ROOT, now=NOON + HOUR)

    with another_installation(tmp_path / "new", settings):
        put_back(made)

        assert RetentionEpoch.objects.get(pk=epoch).destroyed_at is None  # the copy does not know
        assert "canary" not in str(files.notes(case=home.id, by=SYSTEM, now=NOON + DAY))


def test_the_command_line_copies_checks_keeps_keys_apart_and_puts_back(
    tmp_path, settings, capsys, monkeypatch
):
    monkeypatch.setattr(clock, "now", lambda: NOON)
    folder = str(tmp_path / "elsewhere" / "copy")
    order()

    codes = [
        cli.main(["backup", "make", folder]),
        cli.main(["backup", "check", folder]),
        cli.main(["backup", "keys", f"{folder}/keys"]),
        cli.main(["backup", "keys", str(tmp_path / "elsewhere" / "keys")]),
        cli.main(["backup", "keys", str(tmp_path / "vault" / "keys")]),
    ]
    with another_installation(tmp_path / "new", settings):
        codes.append(cli.main(["restore", folder, "--origin", "example.net/trail-2"]))
        codes.append(cli.main(["restore", folder]))

        assert queries.is_under_way()
    said = capsys.readouterr()
    assert codes == [0, 0, 1, 1, 0, 0, 1]
    assert "is in RECOVERY" in said.out
    assert "keys and copies never lie together" in said.err
    assert not list((tmp_path / "vault").rglob("sealing.key"))


def test_a_house_put_back_breaks_no_invariant(tmp_path, settings):
    order().authorize().activate()
    carried(NOON)
    made = copied(tmp_path)
    now = NOON + 2 * MINUTE

    with another_installation(tmp_path / "new", settings):
        put_back(made, now=now)
        the_switch_stays_where_it_is(tmp_path)
        switches.watch(lambda: now)
        while audit.seal(now=now):
            pass
        audit.publish_checkpoint(now=now)

        assert invariants.broken(now=now) == ()
        assert not Handover.objects.filter(state="OPEN").exists()
