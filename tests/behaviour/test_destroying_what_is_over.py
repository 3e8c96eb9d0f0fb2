"""What was sealed is read by its key alone, and by nobody once the key of its epoch is destroyed (control 13)."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import transaction

from tecum.access.rules import StepUpNeeded
from tecum.audit.models import TrailLeaf
from tecum.documents import operations as documents
from tecum.documents import queries as files
from tecum.documents.models import StoredFile
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.refusals import NotYours
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries
from tecum.secrecy.drivers import envelope, keyring
from tecum.secrecy.models import Matter
from tests.conftest import NOON
from tests.make import ROOT

CANARY = b"canary: badge 4711 of Detective Ruiz"
MAIL = Actor.system("mail")
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_SEALING_KEY_FILE = str(tmp_path / "sealing.key")
    keyring.create(tmp_path / "sealing.key")
    return tmp_path


def a_file(content: bytes = CANARY, now: datetime = NOON) -> files.FileView:
    matter = secrecy.open_matter(kind="mail", by=MAIL, now=now)
    return documents.store(
        content, matter=matter, purpose="message", media_type="message/rfc822", by=MAIL, now=now
    )


def everything_on_the_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_stored_file_comes_back_and_lies_nowhere_in_clear(places: Path):
    file = a_file()

    assert documents.read(file.id) == CANARY
    assert file.size == len(CANARY)
    assert CANARY not in everything_on_the_disk(places)
    assert files.damaged() == []


def test_each_matter_has_a_key_of_its_own(places: Path):
    first, second = a_file(), a_file()
    StoredFile.objects.filter(pk=second.id).update(matter=first.matter)

    with pytest.raises(secrecy.Tampered):
        documents.read(second.id)


def test_after_an_epoch_is_destroyed_nothing_in_it_is_read_and_the_next_month_is(places: Path):
    old = a_file()
    new = a_file(now=datetime(2026, 10, 1, tzinfo=UTC))

    secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)

    with pytest.raises(secrecy.Destroyed):
        documents.read(old.id)
    assert documents.read(new.id) == CANARY
    assert [epoch.destroyed_at for epoch in queries.epochs(kind="mail")] == [NOON, None]
    assert "epoch.destroyed" in set(TrailLeaf.objects.values_list("event", flat=True))


def test_a_backup_of_database_and_files_taken_before_does_not_bring_it_back(places: Path):
    file = a_file()
    row = StoredFile.objects.get(pk=file.id)
    matter = Matter.objects.get(pk=file.matter)
    backup = shutil.copytree(places / "files", places / "backup")
    sealing = keyring.load(places / "sealing.key")

    secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)

    # Whoever has the backup, the database of that day and even the sealing key lacks the epoch's key.
    assert (backup / row.address[:2] / row.address[2:4] / row.address).exists()
    assert keyring.EpochKeys(places / "keys", sealing).names() == []
    for key in sealing:
        with pytest.raises(envelope.Tampered):
            envelope.unwrap(key, bytes(matter.wrapped), about=f"{matter.id} in {matter.epoch_id}")


@pytest.mark.sabotage("control 13")
def test_if_the_key_only_seemed_to_go_the_backup_would_be_read(places: Path, monkeypatch):
    file = a_file()
    matter = Matter.objects.get(pk=file.matter)
    monkeypatch.setattr(keyring.EpochKeys, "destroy", lambda self, epoch: None)

    secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)

    ring = keyring.EpochKeys(places / "keys", keyring.load(places / "sealing.key"))
    key = envelope.unwrap(
        ring.get("mail-2026-09"), bytes(matter.wrapped), about=f"{matter.id} in mail-2026-09"
    )
    row = StoredFile.objects.get(pk=file.id)
    path = places / "files" / row.address[:2] / row.address[2:4] / row.address
    assert b"".join(envelope.unseal(key, [path.read_bytes()], about=f"file {file.id}")) == CANARY


def test_a_destruction_that_was_cut_short_is_finished_by_asking_again(places: Path, monkeypatch):
    file = a_file()

    def pulled_the_plug(_self: object, _epoch: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(keyring.EpochKeys, "destroy", pulled_the_plug)
        with pytest.raises(KeyboardInterrupt):
            secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)

    with pytest.raises(secrecy.Destroyed):
        documents.read(file.id)
    with pytest.raises(secrecy.Destroyed):
        a_file()
    secrecy.destroy_epoch("mail-2026-09", by=ROOT, now=NOON)
    assert queries.outlived(kind="mail", closed_before=datetime(2027, 1, 1, tzinfo=UTC)) == []


def test_a_new_sealing_key_rewrites_the_wrapped_keys_and_not_one_file(places: Path):
    file = a_file()
    mark = secrecy.fingerprint(CANARY, purpose="message")
    before = everything_on_the_disk(places / "files")
    keyring.create(places / "sealing.key")

    assert secrecy.rotate(by=ROOT, now=NOON) == 2  # the epoch's and the fingerprints' key
    newest = (places / "sealing.key").read_text().splitlines()[0]
    (places / "sealing.key").write_text(newest + "\n")

    assert documents.read(file.id) == CANARY
    assert everything_on_the_disk(places / "files") == before
    assert secrecy.fingerprint(CANARY, purpose="message") == mark
    assert secrecy.rotate(by=ROOT, now=NOON) == 0


def test_a_fingerprint_says_nothing_without_its_key_and_differs_by_purpose(places: Path):
    assert secrecy.fingerprint(b"x", purpose="sender") == secrecy.fingerprint(b"x", purpose="sender")
    assert secrecy.fingerprint(b"x", purpose="sender") != secrecy.fingerprint(b"x", purpose="message")


def test_only_who_may_destroys_and_only_with_a_fresh_second_factor(places: Path):
    file = a_file()
    clerk = Actor(ref="person:clerk", kind=ActorKind.PERSON, permissions=frozenset({"epoch.destroy"}))

    with pytest.raises(NotYours):
        secrecy.destroy_epoch("mail-2026-09", by=Actor.stranger(), now=NOON)
    with pytest.raises(StepUpNeeded):
        secrecy.destroy_epoch("mail-2026-09", by=clerk, now=NOON)
    with pytest.raises(NotYours):
        secrecy.destroy_epoch("mail-1999-01", by=ROOT, now=NOON)

    assert documents.read(file.id) == CANARY


def test_a_key_that_others_may_read_or_that_is_damaged_is_refused_with_the_repair(places: Path):
    key = places / "sealing.key"
    key.chmod(0o644)
    with pytest.raises(keyring.NoSealingKey, match="chmod 600"):
        a_file()
    key.chmod(0o600)
    key.write_text("c2hvcnQ=\n")
    with pytest.raises(keyring.NoSealingKey, match="32 bytes"):
        a_file()
    key.unlink()
    with pytest.raises(keyring.NoSealingKey, match="tecum keys create"):
        a_file()


def test_bytes_of_a_change_that_was_undone_are_strays_and_go_after_a_day(places: Path):
    kept = a_file()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        a_file(b"never happened")
        raise ZeroDivisionError

    assert documents.remove_strays(now=datetime(2020, 1, 1, tzinfo=UTC)) == 0
    assert documents.remove_strays(now=datetime(2999, 1, 1, tzinfo=UTC)) == 1
    assert documents.read(kept.id) == CANARY


def test_a_file_that_the_disk_lost_or_changed_is_named(places: Path):
    lost, changed, whole = a_file(), a_file(), a_file()
    lost_path, changed_path = (
        places / "files" / row.address[:2] / row.address[2:4] / row.address
        for row in (StoredFile.objects.get(pk=lost.id), StoredFile.objects.get(pk=changed.id))
    )
    lost_path.unlink()
    *rest, last = changed_path.read_bytes()
    changed_path.write_bytes(bytes([*rest, last ^ 1]))

    assert set(files.damaged()) == {lost.id, changed.id}
    with pytest.raises(documents.FileMissing):
        documents.read(lost.id)
    with pytest.raises(secrecy.Tampered):
        documents.read(changed.id)
    assert documents.read(whole.id) == CANARY


def test_a_removed_file_is_gone_once_the_change_is_certain(places: Path):
    file = a_file()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        documents.remove(file.id, now=NOON)
        raise ZeroDivisionError
    assert documents.read(file.id) == CANARY

    documents.remove(file.id, now=NOON)

    with pytest.raises(NotYours):
        documents.read(file.id)
    assert everything_on_the_disk(places / "files") == b""


def test_a_file_is_on_the_disk_with_its_name_before_the_database_knows_of_it(places: Path, monkeypatch):
    seen: list[str] = []
    real_sync, real_insert = os.fsync, StoredFile.save
    monkeypatch.setattr(
        os,
        "fsync",
        lambda handle: (seen.append(os.readlink(f"/proc/self/fd/{handle}")), real_sync(handle))[1],
    )
    monkeypatch.setattr(
        StoredFile, "save", lambda self, **more: (seen.append("row"), real_insert(self, **more))[1]
    )

    matter = secrecy.open_matter(kind="mail", by=MAIL, now=NOON)
    seen.clear()
    documents.store(CANARY, matter=matter, purpose="message", media_type="message/rfc822", by=MAIL, now=NOON)

    assert "drafts" in seen[0]
    assert str(places / "files") in seen[1:-1]
    assert seen[-1] == "row"
