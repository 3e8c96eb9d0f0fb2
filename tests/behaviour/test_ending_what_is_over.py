"""Records end with their retention, in every copy; what is open, or held by two people, goes on (A14, control 13, I12)."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tecum.approvals.operations import SamePerson
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cli import main as cli
from tecum.jobs import retention, worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import LegalHold, Matter, Production, RetentionEpoch, TrailLeaf
from tecum.production import operations as productions
from tecum.secrecy import operations as secrecy
from tecum.secrecy import queries
from tecum.secrecy.drivers import envelope, keyring
from tests import make
from tests.make import NOON
from tests.productions import case as production_case
from tests.productions import package, signing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
SYSTEM = Actor.system("tests")
YEARS = timedelta(days=366)
LATER = NOON + 6 * YEARS


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_SEALING_KEY_FILE = str(tmp_path / "sealing.key")
    settings.TECUM_GUIDE = "example"
    keyring.create(tmp_path / "sealing.key")
    return tmp_path


def noted(text: str = "canary: Detective Vane called", *, now: datetime = NOON):
    """Return a case with something said in it."""
    ruiz = make.analyst()
    made = make.legal_case(by=ruiz, now=now)
    cases.add_note(case=made.id, text=text, by=ruiz, now=now)
    return made


def closed(made, *, at: datetime = NOON) -> None:
    cases.close(case=made.id, outcome="answered", by=SYSTEM, now=at)


def said(made, *, now: datetime = LATER) -> list[str]:
    return [note.text for note in files.notes(case=made.id, by=SYSTEM, now=now)]


def held(made, *, now: datetime = NOON) -> None:
    first, second = make.analyst(), make.analyst()
    proposed = cases.propose_legal_hold(case=made.id, by=first, now=now)
    cases.approve_legal_hold(approval=proposed.id, by=second, now=now)


def events(name: str) -> int:
    return TrailLeaf.objects.filter(event=name).count()


def test_a_closed_case_ends_with_its_retention_and_a_receipt_says_so():
    made = noted()
    closed(made)

    before = retention.step(lambda: NOON + 4 * YEARS)
    assert retention.step(lambda: LATER) == 1

    assert before == 0
    assert files.case(case=made.id, by=SYSTEM, now=LATER).gone
    assert "canary" not in str(said(made))
    assert events("epoch.destroyed") == 1 and retention.step(lambda: LATER) == 0
    assert retention.outlived(now=LATER) == []


def test_a_copy_of_database_and_files_from_before_cannot_be_read_either(places: Path):
    made = noted()
    closed(made)
    row = Matter.objects.get(pk=made.matter)
    copy = {"wrapped": bytes(row.wrapped), "about": f"{row.pk} in {row.epoch_id}"}
    shutil.copytree(places / "files", places / "copy", dirs_exist_ok=True) if (
        places / "files"
    ).exists() else None

    retention.step(lambda: LATER)

    ring = keyring.EpochKeys(places / "keys", keyring.load(places / "sealing.key"))
    for name in ring.names():  # whatever keys are left, none of them opens the copy
        with pytest.raises(envelope.Tampered):
            envelope.unwrap(ring.get(name), copy["wrapped"], about=copy["about"])
    assert row.epoch_id not in ring.names()


@pytest.mark.sabotage("control 13")
def test_if_what_is_open_were_not_carried_an_open_case_would_end(monkeypatch):
    made = noted()
    monkeypatch.setattr("tecum.jobs.retention.cases.not_over", lambda matters, **_: {})

    retention.step(lambda: LATER)

    assert files.case(case=made.id, by=SYSTEM, now=LATER).gone, "with the carrying taken away it is lost"


def test_an_open_case_and_one_closed_lately_go_to_another_epoch_and_stay_readable():
    still, lately, over = noted("open"), noted("lately"), noted("over")
    closed(lately, at=LATER - YEARS)
    closed(over)

    retention.step(lambda: LATER)

    assert (said(still), said(lately)) == (["open"], ["lately"])
    assert files.case(case=over.id, by=SYSTEM, now=LATER).gone
    epochs = {Matter.objects.get(pk=each.matter).epoch_id for each in (still, lately)}
    assert epochs == {"cases-2032-09", "cases-2031-09"}, (
        "an open one counts from now, a closed one from its closing"
    )
    assert events("epoch.carried") == 1


def test_a_message_goes_with_its_case(settings):
    from tests import letters

    settings.TECUM_GUIDE = "wholesale-portal"
    message = letters.arrived(letters.letter("Subpoena", "Subpoena No. 7-114 for 292-555-0142"))
    stray = letters.arrived(
        letters.letter("A question", "Who answers?", to=letters.PORTAL), to=letters.PORTAL
    )

    retention.step(lambda: NOON + 4 * YEARS)  # mail is kept for two years, the case is open

    assert secrecy.keys_of([message.matter]) and not secrecy.keys_of([stray.matter])


def test_two_people_hold_a_case_and_neither_alone_and_one_ends_it():
    made, ruiz, vale = noted(), make.analyst(), make.analyst()
    proposed = cases.propose_legal_hold(case=made.id, by=ruiz, now=NOON)
    closed(made)

    with pytest.raises(SamePerson):
        cases.approve_legal_hold(approval=proposed.id, by=ruiz, now=NOON)
    assert not queries.is_held(made.matter)
    with pytest.raises(NotYours):
        cases.propose_legal_hold(case=made.id, by=make.acting(make.officer()), now=NOON)
    cases.approve_legal_hold(approval=proposed.id, by=vale, now=NOON)
    with pytest.raises(cases.CannotKeep):
        cases.propose_legal_hold(case=made.id, by=ruiz, now=NOON)
    retention.step(lambda: LATER)
    assert said(made) == ["canary: Detective Vane called"], "a held case outlives its retention"

    then = replace(ruiz, stepped_up_at=LATER)
    cases.end_legal_hold(case=made.id, by=then, now=LATER)
    retention.step(lambda: LATER + 6 * YEARS)

    assert files.case(case=made.id, by=SYSTEM, now=LATER).gone
    with pytest.raises(cases.CannotKeep):
        cases.end_legal_hold(case=made.id, by=then, now=LATER)


@pytest.mark.sabotage("control 13")
def test_if_a_hold_were_not_asked_for_the_case_would_end(monkeypatch):
    made = noted()
    held(made)
    closed(made)
    monkeypatch.setattr(queries, "held_in", lambda epoch: frozenset())

    retention.step(lambda: LATER)

    assert files.case(case=made.id, by=SYSTEM, now=LATER).gone


def test_one_person_alone_cannot_be_written_down_as_two():
    from django.db import IntegrityError, transaction

    made = noted()
    with pytest.raises(IntegrityError), transaction.atomic():
        LegalHold.objects.create(
            matter_id=made.matter, placed_at=NOON, placed_by="person:ruiz", approved_by="person:ruiz"
        )


@pytest.mark.usefixtures("signing")
def test_a_production_outlives_its_retention_while_its_matter_is_held_and_goes_when_that_ends():
    found = production_case()
    id = found.released()
    secrecy.hold_matter(found.facts.matter, placed_by="person:ruiz", by=make.analyst(), now=NOON)

    productions.keep_over(production=id, by=SYSTEM, now=LATER)
    assert Production.objects.get(pk=id).state != "PURGED" and package(id)
    secrecy.end_hold(found.facts.matter, by=SYSTEM, now=LATER)
    assert productions.hold_ended(matter=found.facts.matter, by=SYSTEM, now=LATER) == 1

    assert Production.objects.get(pk=id).state == "PURGED"


@pytest.mark.usefixtures("signing")
def test_where_productions_are_kept_longer_than_cases_a_package_that_left_stays_readable(settings, tmp_path):
    folder = tmp_path / "guides" / "mine"
    shutil.copytree(settings.ROOT / "guides" / "example", folder)
    text = (folder / "lookup.toml").read_text()
    assert 'id = "cases"\nkeep = "5 years"' in text
    (folder / "lookup.toml").write_text(
        text.replace('id = "cases"\nkeep = "5 years"', 'id = "cases"\nkeep = "1 year"')
    )
    settings.TECUM_GUIDE = str(folder)
    found = production_case(kind="cases")
    id = found.released()
    cases.close(case=found.facts.id, outcome="answered", by=SYSTEM, now=NOON)

    retention.step(lambda: NOON + 3 * YEARS)
    assert package(id), "its own retention runs from its release"
    productions.keep_over(production=id, by=SYSTEM, now=LATER)
    retention.step(lambda: LATER + 6 * YEARS)

    assert Production.objects.get(pk=id).state == "PURGED"
    assert not secrecy.keys_of([found.facts.matter])


def test_ending_a_hold_lets_the_jobs_take_away_what_only_it_kept():
    made = noted()
    held(made)

    cases.end_legal_hold(case=made.id, by=make.analyst(), now=NOON)

    assert worker.run_all(TABLE, lane="ordinary", clock=lambda: NOON) == 1


def test_whoever_died_between_is_finished_by_the_next_run_and_nothing_is_carried_twice(monkeypatch):
    still, over = noted("open"), noted("over")
    closed(over)

    def pulled_the_plug(_self: object, _epoch: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(keyring.EpochKeys, "destroy", pulled_the_plug)
        with pytest.raises(KeyboardInterrupt):
            retention.step(lambda: LATER)
    retention.step(lambda: LATER)

    assert said(still) == ["open"] and files.case(case=over.id, by=SYSTEM, now=LATER).gone
    assert events("epoch.carried") == 1 and events("epoch.destroyed") == 1
    assert not RetentionEpoch.objects.filter(ordered_at__isnull=False, destroyed_at=None).exists()


def test_a_kind_of_which_the_guide_says_nothing_is_kept(monkeypatch):
    made = noted()
    closed(made)
    monkeypatch.setattr("tecum.jobs.retention.closed_before", lambda guide, kind, now: None)

    assert retention.step(lambda: LATER) == 0
    assert said(made)


def test_the_command_says_first_what_it_would_destroy_and_then_gives_the_receipt(capsys, monkeypatch):
    made = noted()
    closed(made)
    monkeypatch.setattr("tecum.cli.keys.clock.now", lambda: LATER)

    cli.main(["keys", "purge"])
    told = capsys.readouterr().out
    assert "1 matters end" in told and "Nothing was destroyed" in told and said(made)
    cli.main(["keys", "purge", "--yes"])

    assert "Receipt" in capsys.readouterr().out
    assert files.case(case=made.id, by=SYSTEM, now=LATER).gone
    with pytest.raises(Refused):
        secrecy.seal_bytes(b"x", matter=made.matter, about="x")
    assert datetime(2026, 9, 8, 16, tzinfo=UTC) == NOON
