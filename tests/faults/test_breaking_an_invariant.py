"""
Each invariant is broken in the database, past every operation: the watcher names it within one round, tells whoever
watches over it, and clears it when it holds again (control 3).
"""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.conf import settings as django
from django.db import transaction

from tecum.accounts import operations as accounts
from tecum.assurance import invariants, queries, rules
from tecum.assurance import operations as assurance
from tecum.audit import operations as audit
from tecum.billing import operations as billing
from tecum.cases import operations as cases
from tecum.jobs import runner, watching, worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.invariants import Broken
from tecum.kernel.refusals import NotYours
from tecum.lookup import operations as lookup
from tecum.models import (
    Authority,
    Deadline,
    Delivery,
    Disclosure,
    Finding,
    InboundMessage,
    Judgement,
    LookupLine,
    Notice,
    Person,
    Production,
    RetentionEpoch,
    SettledFact,
    SwitchReading,
    Tap,
    TrailLeaf,
    Visit,
    Watch,
)
from tecum.notices import operations as notices
from tecum.production.rules import checks
from tecum.secrecy import operations as secrecy
from tecum.surveillance import queries as taps
from tests import make
from tests import taps as surveillances
from tests.letters import arrived, letter
from tests.make import NOON
from tests.productions import case as production_case
from tests.productions import signing  # noqa: F401
from tests.trails import lift_guards

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    # Each test breaks one past every operation, and says itself what is found.
    pytest.mark.broken_on_purpose(*(f"I{number}" for number in range(1, 14)), "ASKED"),
]
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SYSTEM, JOBS = Actor.system("tests"), Actor.system("jobs")


@pytest.fixture(autouse=True)
def places(tmp_path: Path, settings, outside):
    settings.TECUM_GUIDE = "example"
    settings.DATA = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")


@dataclass
class World:
    """What a test may break."""

    settings: object
    numbers: Callable[..., object]
    monkeypatch: pytest.MonkeyPatch


@pytest.fixture
def world(settings, numbers, monkeypatch, signing):  # noqa: F811
    return World(settings, numbers, monkeypatch)


def tapped(world: World) -> str:
    world.settings.TECUM_GUIDE = "wireless-2003"
    found = surveillances.order().authorize().activate()
    surveillances.carried(NOON)
    surveillances.watched(NOON)
    return found.tap.id


def on_after_its_end(world: World) -> tuple[str, str]:
    tap = tapped(world)
    Tap.objects.filter(pk=tap).update(
        starts_at=NOON - DAY, until_at=NOON - HOUR, cut_at=NOON - HOUR, fires_at=NOON - HOUR
    )
    return "I1", tap


def without_an_authority(world: World) -> tuple[str, str]:
    tap = tapped(world)
    Authority.objects.update(state="ENDED", ended_at=NOON, ended_by="person:x", ended_why="by_hand")
    return "I2", tap


def without_a_deadline(world: World) -> tuple[str, str]:
    tap = tapped(world)
    Deadline.objects.filter(kind="surveillance.end").delete()
    return "I3", tap


def on_a_switch_nobody_reads(world: World) -> tuple[str, str]:
    tapped(world)
    SwitchReading.objects.update(read_at=NOON - HOUR)
    return "I4", "training-1"


def under_another_scope(world: World) -> tuple[str, str]:
    made = production_case().released()
    Production.objects.filter(pk=made).update(scope_digest="0" * 64)
    return "I5", made


def with_a_row_outside(world: World) -> tuple[str, str]:
    found = production_case()
    with world.monkeypatch.context() as patched:  # the maker looks away, once
        patched.setattr(checks, "outside", lambda scope, part, rows: ([], sum(1 for _ in rows)))
        patched.setattr(checks, "inside", lambda scope, product, row: True)
        narrow = found.scope.grants[0].period
        patched.setattr(type(narrow), "__contains__", lambda self, instant: True, raising=False)
        made = found.made()
    row = Production.objects.get(pk=made)
    from tecum.production import sealed
    from tecum.records.rules.scope import Grant, Scope

    july = found.scope.grants[0]
    first = type(july.period)(july.period.start, july.period.start + HOUR)
    narrowed = Scope(
        matter=found.scope.matter,
        guide=found.scope.guide,
        grants=(Grant(july.product, july.number, first, july.clause),),
    )
    row.scope, row.scope_digest = sealed.close(row, "scope", narrowed.json()), narrowed.digest()
    row.save(update_fields=["scope", "scope_digest"])
    return "I5", made


def a_message_lost(world: World) -> tuple[str, str]:
    message = arrived(letter("Please help me sign in"))
    raw = InboundMessage.objects.get(pk=message.id).raw
    Judgement.objects.all().delete()
    Delivery.objects.all().delete()
    InboundMessage.objects.filter(pk=message.id).delete()
    return "I6", raw


def more_than_the_limit(world: World) -> tuple[str, str]:
    by = make.acting(make.officer())
    view = ask(world, by)
    line = LookupLine.objects.filter(lookup=view.id).first()
    LookupLine.objects.bulk_create(
        LookupLine(
            lookup_id=view.id, place=place, typed="-", number=f"49355501{place:02d}", outcome="NON_RESULT",
            cause=line.cause or "NOT_IN_SERVICE",
        )
        for place in range(10, 40)
    )  # fmt: skip
    return "I7", by.ref


def never_sealed(world: World) -> tuple[str, str]:
    with transaction.atomic():
        audit.record("agency.suspended", by=SYSTEM, at=NOON - HOUR, agency="a")
    return "I8", "trail:unsealed"


def an_entry_gone(world: World) -> tuple[str, str]:
    with transaction.atomic():
        audit.record("agency.suspended", by=SYSTEM, at=NOON, agency="a")
    signed()
    lift_guards()
    TrailLeaf.objects.order_by("-position").first().delete()
    return "I8", "trail:missing"


def a_notice_forgotten(world: World) -> tuple[str, str]:
    with transaction.atomic():
        notices.enqueue(
            "trail_unverified", to="desk@carrier.example", context={"since": "-", "page": "-"}, by=SYSTEM, now=NOON
        )  # fmt: skip
    row = Notice.objects.get(message="trail_unverified")
    Notice.objects.filter(pk=row.pk).update(attempt_at=NOON - 3 * DAY)
    return "I9", row.pk


def invoiced(world: World) -> SettledFact:
    clerk = make.acting(make.person("Bess Oduya", roles=["billing"]), stepped_up_at=NOON)
    made = make.legal_case(agency=make.agency().id, numbers=("2925550142",))
    cases.note_billable(case=made.id, kind="cdr", source="s-1", happened_at=NOON, by=SYSTEM, now=NOON)
    cases.close(case=made.id, outcome="produced", by=SYSTEM, now=NOON)
    billing.issue(case=made.id, by=clerk, now=NOON)
    return SettledFact.objects.get()


def billed_for_nothing(world: World) -> tuple[str, str]:
    row = invoiced(world)
    SettledFact.objects.filter(pk=row.pk).update(fact="nothing-happened")
    return "I10", "nothing-happened"


def a_session_of_a_suspended_person(world: World) -> tuple[str, str]:
    officer = make.officer()
    Visit.objects.create(
        id="session-1", person_id=officer.id, opened_at=NOON, seen_at=NOON, alone=True, ended_at=None
    )
    Person.objects.filter(pk=officer.id).update(
        standing="SUSPENDED", standing_reason="left the agency", standing_since=NOON
    )
    return "I11", f"person:{officer.id}"


def a_key_come_back(world: World) -> tuple[str, str]:
    with transaction.atomic():
        secrecy.open_matter(kind="tests", by=SYSTEM, now=NOON)
    epoch = RetentionEpoch.objects.get(kind="tests").pk
    kept = Path(django.TECUM_EPOCH_KEYS).with_name("kept")
    shutil.copytree(django.TECUM_EPOCH_KEYS, kept)
    secrecy.destroy_epoch(epoch, by=make.ROOT, now=NOON)
    shutil.copytree(kept, django.TECUM_EPOCH_KEYS, dirs_exist_ok=True)
    return "I12", epoch


def revealed_without_a_record(world: World) -> tuple[str, str]:
    by = make.acting(make.officer())
    view = ask(world, by)
    Disclosure.objects.all().delete()
    return "I13", view.id


def ask(world: World, by: Actor):
    make.customer("C-XYZ")
    make.consent("C-XYZ")
    world.numbers({"2925550142": ("C-XYZ", date(2022, 6, 1))})
    return lookup.run(
        text="2925550142", purpose=lookup.Purpose("MC-1", attested=True), submission="f-1", door="page", by=by, now=NOON
    )  # fmt: skip


BREAKS = [
    on_after_its_end, without_an_authority, without_a_deadline, on_a_switch_nobody_reads, under_another_scope,
    with_a_row_outside, a_message_lost, more_than_the_limit, never_sealed, an_entry_gone, a_notice_forgotten,
    billed_for_nothing, a_session_of_a_suspended_person, a_key_come_back, revealed_without_a_record,
]  # fmt: skip


def signed() -> None:
    while audit.seal(now=NOON):
        pass
    audit.publish_checkpoint(now=NOON)


def looked(now=NOON, **more) -> rules.Round:
    return assurance.look(by=Actor.system("assurance"), now=now, **more)


def due(now=NOON) -> int:
    return worker.run_all(TABLE, lane="ordinary", clock=lambda: now) + worker.run_all(
        TABLE, lane="watch-page", clock=lambda: now
    )


def told(message: str) -> list[str]:
    return sorted(Notice.objects.filter(message=message).values_list("recipient", flat=True))


@pytest.mark.sabotage("control 3")
@pytest.mark.parametrize("broken", BREAKS, ids=lambda each: each.__name__)
def test_whatever_is_broken_past_every_operation_is_named_in_one_round(world, broken):
    invariant, about = broken(world)

    looked()

    found = {(each.invariant, each.about) for each in queries.open_findings()}
    assert (invariant, about) in found
    assert {name for name, _ in found} - {invariant} <= {"I2", "I3"} & {invariant}


def test_a_house_in_order_breaks_nothing(world):
    tapped(world)
    world.settings.TECUM_GUIDE = "example"
    production_case().handed()
    arrived(letter("Please help me sign in"))
    ask(world, make.acting(make.officer()))
    invoiced(world)
    signed()

    assert invariants.broken(now=NOON) == ()
    assert looked() == rules.Round(found=0, opened=0, cleared=0, whole=True)


def test_what_is_broken_pages_until_it_holds_again(world):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])
    invariant, person = a_session_of_a_suspended_person(world)
    signed()
    looked()
    due()
    assert told("invariant_broken") == [auditor.email]

    due(NOON + 2 * HOUR)
    Visit.objects.update(ended_at=NOON, ended_how="SUSPENDED")
    Notice.objects.update(state="SENT", ended_at=NOON)
    signed()
    after = looked(NOON + 2 * HOUR + MINUTE)
    due(NOON + DAY)

    row = Finding.objects.get(invariant=invariant)
    assert (row.state, row.about, row.told, after.cleared) == ("CLEARED", person, 2, 1)
    assert told("invariant_broken") == [auditor.email] * 2
    names = list(TrailLeaf.objects.filter(event__startswith="invariant.").values_list("event", flat=True))
    assert sorted(names) == ["invariant.broken", "invariant.held_again", "invariant.told", "invariant.told"]


def test_what_is_found_twice_is_one_finding_with_its_age(world):
    a_session_of_a_suspended_person(world)
    signed()

    first, second = looked(NOON), looked(NOON + MINUTE)

    (found,) = queries.open_findings()
    assert (first.opened, second.opened) == (1, 0)
    assert (found.since, found.seen_at, found.age(NOON + HOUR)) == (NOON, NOON + MINUTE, HOUR)


def test_an_invariant_that_cannot_be_asked_is_a_finding_and_hides_no_other(world, monkeypatch):
    a_session_of_a_suspended_person(world)

    def falls(**_: object) -> tuple[Broken, ...]:
        raise OSError("no database")

    monkeypatch.setattr(invariants.notices, "broken", falls)
    looked()

    assert {each.invariant for each in queries.open_findings()} == {"ASKED", "I11"}


def test_a_watcher_that_falls_silent_is_an_alarm_and_goes_on_being_one(world):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])
    assurance.begin(by=make.ROOT, now=NOON)
    looked(NOON + MINUTE)

    due(NOON + 3 * MINUTE)
    quiet = told("watch_silent")
    due(NOON + 4 * MINUTE)
    due(NOON + 4 * MINUTE + HOUR)

    assert quiet == []
    assert told("watch_silent") == [auditor.email] * 2
    assert queries.silent_since(now=NOON + 4 * MINUTE) == NOON + MINUTE


def test_switching_the_watcher_off_is_an_alarm_and_switching_it_on_again_ends_it(world):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])
    assurance.begin(by=make.ROOT, now=NOON)
    looked()
    assurance.stop(by=make.ROOT, now=NOON + MINUTE)
    due(NOON + 4 * MINUTE)
    assert told("watch_silent") == [auditor.email]

    assurance.begin(by=make.ROOT, now=NOON + 5 * MINUTE)
    looked(NOON + 5 * MINUTE)
    due(NOON + 7 * MINUTE)

    assert told("watch_silent") == [auditor.email]
    assert TrailLeaf.objects.filter(event="watch.stopped").count() == 1
    assert queries.silent_since(now=NOON + 7 * MINUTE) is None


@pytest.mark.sabotage("control 3")
def test_taking_the_alarm_itself_away_does_not_silence_it(world):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])
    assurance.begin(by=make.ROOT, now=NOON)
    looked()
    Deadline.objects.filter(kind="watch.silent").delete()

    armed = watching.expect(lambda: NOON + 5 * MINUTE)
    due(NOON + 9 * MINUTE)

    assert armed == 1
    assert told("watch_silent") == [auditor.email]


def test_a_watcher_that_never_began_is_missed(world):
    auditor = make.person("Saskia Vantongeren", roles=["auditor"])

    watching.expect(lambda: NOON)
    due(NOON + 4 * MINUTE)

    assert (told("watch_silent"), Watch.objects.exists()) == ([auditor.email], False)


def test_jobs_that_are_down_are_found_by_the_watcher_which_sends_by_itself(world, tmp_path, settings):
    settings.TECUM_SMTP = f"folder:{tmp_path / 'outgoing'}"
    make.person("Saskia Vantongeren", roles=["auditor"])
    beats, rests = tmp_path / "jobs", {"outbox": MINUTE, "retention": HOUR}
    for lane in rests:
        runner.beat(beats, runner.Beat(lane, NOON - 20 * MINUTE, 0))

    watching.step(lambda: NOON, silent=lambda now: runner.silent_lanes(beats, rests, now=now))

    assert [(each.invariant, each.about) for each in queries.open_findings()] == [("JOBS", "outbox")]
    assert Notice.objects.get(message="invariant_broken").state == "SENT"


def test_only_who_watches_over_them_sees_the_findings(world):
    analyst = make.acting(make.person(roles=["subpoena_analyst"]))
    admin = make.acting(make.person(roles=["system_administrator"]))

    assert queries.findings(by=admin, now=NOON) == ([], [])
    with pytest.raises(NotYours):
        queries.findings(by=analyst, now=NOON)


def test_every_invariant_has_its_words():
    asked = " ".join(invariants.questions(now=NOON, since=None, known=())).split()

    assert asked == [f"I{number}" for number in range(1, 14)]
    assert set(asked) < set(rules.INVARIANTS)


def test_suspending_through_the_door_breaks_nothing(world):
    officer = make.officer()
    Visit.objects.create(id="s", person_id=officer.id, opened_at=NOON, seen_at=NOON, alone=True)

    accounts.suspend_person(person=officer.id, reason="left", by=make.ROOT, now=NOON)
    signed()

    assert invariants.broken(now=NOON) == ()
    assert taps.broken(now=NOON) == ()
