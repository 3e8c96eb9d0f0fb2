"""Two people let a production go, bound to its hash; it is handed over, fetched, counted, recalled; nothing goes round that."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.agencies import operations as agencies
from tecum.approvals.operations import Changed, NotWaiting, SamePerson
from tecum.audit import queries as trail
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours, Refused
from tecum.models import Download, Handover, Notice, Production, StoredFile, TrailLeaf
from tecum.production import holding, queries
from tecum.production import operations as productions
from tecum.production.operations import (
    CannotFetch,
    CannotPrepare,
    CannotRecall,
    CannotRelease,
    CodeNotGood,
    NotAReceiver,
    NotReleased,
    handing,
)
from tecum.production.rules.views import Receivers
from tecum.records.rules.scope import Grant, Scope
from tecum.recovery import operations as recovery
from tecum.secrecy import operations as secrecy
from tests import make
from tests.make import NOON, acting
from tests.productions import (  # noqa: F401
    JULY,
    NUMBER,
    case,
    package,
    signing,
    stored,
)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.usefixtures("signing", "without_print"),
]
STRANGER = Actor.stranger()


@pytest.fixture
def without_print(monkeypatch):
    """Leave printing and signing to the tests about packages: here it is who gets them."""
    from tecum.production.drivers import printing, sealing

    monkeypatch.setattr(printing, "paper", lambda **_: b"%PDF-1.7 a paper")
    monkeypatch.setattr(sealing, "sign", lambda pdf, **_: pdf)


def state(id):
    return Production.objects.get(pk=id).state


def called_back(found, *, at=NOON - timedelta(days=10)):
    """Enter a number of the agency that two people confirmed ten days ago."""
    one, two = make.person(roles=["portal_administrator"]), make.person(roles=["portal_administrator"])
    entry = agencies.propose_call_back_number(
        agency=found.agency.id, number="2925550170", label="Dispatch", source="the county's page",
        by=acting(one, stepped_up_at=at), now=at,
    )  # fmt: skip
    return agencies.confirm_call_back_number(entry=entry.id, by=acting(two, stepped_up_at=at), now=at).id


def fetched(handover, by, now=NOON):
    return b"".join(productions.fetch(handover=handover, by=by, now=now).pieces)


def test_two_people_release_it_and_the_officer_gets_exactly_what_they_approved():
    found = case()
    id = found.released()
    handover = productions.hand_to_account(
        production=id, person=found.officer.ref, by=found.preparer, now=NOON
    )

    content = fetched(handover, found.officer)

    assert content == package(id)
    assert state(id) == "FETCHED"
    assert Notice.objects.get(message="production_ready").recipient == found.facts.address
    events = [each.event for each in trail.timeline(matter=found.facts.matter, within=trail.EVERY_MATTER)]
    assert [each for each in events if each.startswith("production.")] == [
        "production.scope_set", "production.prepared", "production.assembled", "production.made",
        "production.release_proposed", "production.released", "production.handed_over", "production.fetched",
    ]  # fmt: skip


def test_that_it_is_fetched_is_recorded_before_its_first_byte():
    found = case()
    handover = found.handed()

    on_its_way = productions.fetch(handover=handover, by=found.officer, now=NOON)

    assert Download.objects.get().by == found.officer.ref
    assert TrailLeaf.objects.filter(event="production.fetched").count() == 1
    assert on_its_way.receipt == Download.objects.get().receipt


def ways_round(found, id, proposal):
    """Every way somebody could try to get a production out, and who tries."""
    third = acting(make.person(roles=["subpoena_analyst"]))
    stale = replace(third, stepped_up_at=NOON - timedelta(minutes=6))
    auditor = acting(make.person(roles=["auditor"]))
    release = productions.approve_release
    hand = productions.hand_to_account
    officer = found.officer.ref
    return {
        "the preparer alone": lambda: release(production=id, approval=proposal, by=found.preparer, now=NOON),
        "without a fresh factor": lambda: release(production=id, approval=proposal, by=stale, now=NOON),
        "without the permission": lambda: release(production=id, approval=proposal, by=auditor, now=NOON),
        "the officer": lambda: release(production=id, approval=proposal, by=found.officer, now=NOON),
        "a process": lambda: release(production=id, approval=proposal, by=Actor.system("jobs"), now=NOON),
        "the command line": lambda: release(production=id, approval=proposal, by=make.ROOT, now=NOON),
        "a stranger": lambda: release(production=id, approval=proposal, by=STRANGER, now=NOON),
        "an approval that there is not": lambda: release(
            production=id, approval="999999", by=third, now=NOON
        ),
        "handing it over unreleased": lambda: hand(production=id, person=officer, by=third, now=NOON),
        "a link to it unreleased": lambda: productions.hand_to_address(
            production=id, call_back="1", by=third, now=NOON
        ),
        "fetching by its own id": lambda: productions.fetch(handover=id, by=found.officer, now=NOON),
        "fetching by a token": lambda: productions.fetch_by_code(token="x", code="y", by=STRANGER, now=NOON),
    }


def test_no_way_round_the_second_person_leads_anywhere():
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    ).id

    for what, attempt in ways_round(found, id, proposal).items():
        with pytest.raises(Refused):
            attempt()
            pytest.fail(what)

    assert state(id) == "MADE"
    assert not Handover.objects.exists() and not Download.objects.exists()
    assert not TrailLeaf.objects.filter(event="production.released").exists()


def test_the_approval_of_another_production_releases_nothing():
    one, two = case(), case()
    first, second = one.made(), two.made()
    proposal = productions.propose_release(
        production=first, receivers=one.receivers, by=one.preparer, now=NOON
    )

    with pytest.raises(NotYours):
        productions.approve_release(production=second, approval=proposal.id, by=two.approver, now=NOON)

    assert (state(first), state(second)) == ("MADE", "MADE")


def test_whoever_proposed_does_not_approve_and_nobody_approves_twice():
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.approver, now=NOON
    )
    with pytest.raises(SamePerson):
        productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)

    third = acting(make.person(roles=["order_administrator"]))
    productions.approve_release(production=id, approval=proposal.id, by=third, now=NOON)

    with pytest.raises(NotWaiting):
        productions.approve_release(production=id, approval=proposal.id, by=third, now=NOON)
    assert TrailLeaf.objects.filter(event="production.released").count() == 1


def test_while_a_gate_of_its_case_is_open_nothing_is_released(monkeypatch):
    from tecum.cases import operations as cases

    class Open(Refused):
        """A fee is not agreed to."""

    def closed(case: str) -> None:
        raise Open(case)

    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    with monkeypatch.context() as gate:
        gate.setattr(cases, "refuse_while_gated", closed)
        with pytest.raises(Open, match=found.facts.id):
            productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)
    assert state(id) == "MADE"

    productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)

    assert state(id) == "RELEASED"


def test_a_changed_scope_makes_what_has_not_left_void_with_its_proposal():
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    narrower = Scope(found.facts.matter, found.scope.guide, (Grant("cdr", "2925550143", JULY, "item 2"),))

    productions.set_scope(case=found.facts.id, scope=narrower, by=found.preparer, now=NOON)

    assert state(id) == "VOID"
    with pytest.raises(CannotRelease):
        productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)
    with pytest.raises(CannotPrepare):
        found.prepare()


def test_when_the_demand_is_withdrawn_what_has_not_left_never_will():
    found = case()
    made, waiting = found.made(), found.prepare()

    productions.end_scope(case=found.facts.id, by=found.preparer, now=NOON)

    assert (state(made), state(waiting)) == ("VOID", "VOID")
    assert not productions.make(production=waiting, by=Actor.system("jobs"), now=NOON)


@pytest.mark.sabotage("control 6")
@pytest.mark.parametrize("column", ["file", "sha256", "wanted", "scope_digest"])
def test_what_an_administrator_of_the_database_changes_after_the_proposal_voids_it(column):
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    row = Production.objects.get(pk=id)
    another = make.officer("Somebody Else", at=found.agency)
    from tecum.production import sealed

    value = {
        "file": stored(b"another file", matter=found.facts.matter),
        "sha256": "0" * 64,
        "wanted": sealed.close(row, "wanted", sealed.as_text(Receivers((another.ref,)))),
        "scope_digest": "0" * 64,
    }[column]
    Production.objects.filter(pk=id).update(**{column: value})

    with pytest.raises((CannotRelease, Changed)):
        productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)

    assert state(id) == "MADE"


@pytest.mark.sabotage("control 6")
def test_without_the_digest_another_receiver_would_get_it(monkeypatch):
    from tecum.production import sealed
    from tecum.production.operations import releasing

    found = case()
    id = found.made()
    another = make.officer("Somebody Else", at=found.agency)
    monkeypatch.setattr(releasing, "_digest", lambda *_: "a" * 64)
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    row = Production.objects.get(pk=id)
    Production.objects.filter(pk=id).update(
        wanted=sealed.close(row, "wanted", sealed.as_text(Receivers((another.ref,))))
    )

    productions.approve_release(production=id, approval=proposal.id, by=found.approver, now=NOON)

    assert sealed.receivers(Production.objects.get(pk=id), "receivers").people == (another.ref,)


def test_the_database_itself_keeps_who_prepared_from_releasing():
    found = case()
    id = found.made()

    with pytest.raises(IntegrityError), transaction.atomic():
        Production.objects.filter(pk=id).update(
            state="RELEASED", released_at=NOON, released_by=found.preparer.ref
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Production.objects.filter(pk=id).update(state="RELEASED")


def test_it_goes_to_nobody_but_those_it_was_released_for():
    found = case()
    id = found.made()
    elsewhere, colleague = make.officer("Of Elsewhere"), make.officer("A Colleague", at=found.agency)
    for receivers in (
        Receivers(),
        Receivers((elsewhere.ref,)),
        Receivers((), "somebody@elsewhere.example"),
        Receivers(("person:nobody",)),
    ):
        with pytest.raises(NotAReceiver):
            productions.propose_release(production=id, receivers=receivers, by=found.preparer, now=NOON)

    found.release(id)

    with pytest.raises(NotAReceiver):
        productions.hand_to_account(production=id, person=colleague.ref, by=found.preparer, now=NOON)
    handover = productions.hand_to_account(
        production=id, person=found.officer.ref, by=found.preparer, now=NOON
    )
    for other in (colleague, elsewhere):
        with pytest.raises(NotYours):
            productions.fetch(handover=handover, by=acting(other), now=NOON)
    assert not Download.objects.exists()


def test_a_colleague_gets_it_once_two_people_release_it_for_them_too():
    found = case()
    id = found.released()
    colleague = make.officer("A Colleague", at=found.agency)

    found.release(id, receivers=Receivers((found.officer.ref, colleague.ref)))

    handover = productions.hand_to_account(production=id, person=colleague.ref, by=found.preparer, now=NOON)
    assert fetched(handover, acting(colleague)) == package(id)


def test_fetching_needs_a_fresh_factor_and_a_standing_account():
    found = case()
    handover = found.handed()

    with pytest.raises(StepUpNeeded):
        productions.fetch(
            handover=handover, by=replace(found.officer, stepped_up_at=NOON - timedelta(minutes=6)), now=NOON
        )
    accounts.suspend_person(
        person=found.officer.ref.removeprefix("person:"), reason="left", by=make.ROOT, now=NOON
    )
    with pytest.raises(Refused):
        productions.fetch(handover=handover, by=found.officer, now=NOON)

    assert not Download.objects.exists() and state(Handover.objects.get().production_id) == "RELEASED"


def test_it_is_fetched_as_often_as_the_guide_says_and_then_issued_again():
    found = case()
    handover = found.handed()
    id = Handover.objects.get().production_id
    for _ in range(3):
        fetched(handover, found.officer)
    with pytest.raises(CannotFetch):
        productions.fetch(handover=handover, by=found.officer, now=NOON)

    again = productions.hand_to_account(production=id, person=found.officer.ref, by=found.preparer, now=NOON)

    assert fetched(again, found.officer) == package(id)
    assert Handover.objects.get(pk=handover).state == "USED"
    assert len(queries.delivered_to(found.officer.ref)) == 4


def test_a_new_offer_ends_the_one_before():
    found = case()
    first = found.handed()

    productions.hand_to_account(
        production=Handover.objects.get().production_id, person=found.officer.ref, by=found.preparer, now=NOON
    )

    with pytest.raises(CannotFetch):
        productions.fetch(handover=first, by=found.officer, now=NOON)


def test_an_offer_runs_out():
    found = case()
    handover = found.handed()
    late = NOON + timedelta(days=31)
    fresh = replace(found.officer, stepped_up_at=late)

    with pytest.raises(CannotFetch):
        productions.fetch(handover=handover, by=fresh, now=late)
    worker.run_all(TABLE, lane="ordinary", clock=lambda: late)

    assert Handover.objects.get().state == "OVER"


def test_a_link_opens_with_the_code_that_was_told_by_telephone_and_only_once():
    found = case()
    number = called_back(found)
    id = found.released(receivers=Receivers((), found.facts.address))
    told = productions.hand_to_address(production=id, call_back=number, by=found.preparer, now=NOON)
    token = link_of(found)

    content = b"".join(
        productions.fetch_by_code(
            token=token, code=told.code.lower().replace("-", " "), by=STRANGER, now=NOON
        ).pieces
    )

    assert content == package(id)
    assert told.number == "2925550170"
    assert told.code not in str(Notice.objects.filter(message="production_link").values())
    with pytest.raises(CodeNotGood):
        productions.fetch_by_code(token=token, code=told.code, by=STRANGER, now=NOON)


def link_of(found) -> str:
    """Return the token of the link as the mail to the address on file holds it."""
    notice = Notice.objects.filter(message="production_link").order_by("-enqueued_at", "-pk").first()
    text = secrecy.read_bytes(
        bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}"
    ).decode()
    return text.partition("/answer/")[2].partition("/")[0]


def test_wrong_codes_use_the_link_up_and_all_sound_the_same():
    found = case()
    number = called_back(found)
    id = found.released(receivers=Receivers((), found.facts.address))
    told = productions.hand_to_address(production=id, call_back=number, by=found.preparer, now=NOON)
    token = link_of(found)

    said = set()
    for code in ("", "AAAAA-AAAAA", told.code[:-1], "x" * 20, "0" * 10):
        with pytest.raises(CodeNotGood) as refusal:
            productions.fetch_by_code(token=token, code=code, by=STRANGER, now=NOON)
        said.add(str(refusal.value))
    with pytest.raises(CodeNotGood) as refusal:
        productions.fetch_by_code(token=token, code=told.code, by=STRANGER, now=NOON)

    assert said == {str(refusal.value)}
    assert Handover.objects.get().state == "CLOSED" and not Download.objects.exists()
    assert TrailLeaf.objects.filter(event="production.code_refused").count() == 6


def test_a_code_is_told_only_at_a_number_that_the_directory_has_had_for_three_days():
    found = case()
    fresh = called_back(found, at=NOON - timedelta(hours=71))
    other = called_back(case())
    id = found.released(receivers=Receivers((), found.facts.address))

    for number in (fresh, other, "nobody"):
        with pytest.raises(NotAReceiver):
            productions.hand_to_address(production=id, call_back=number, by=found.preparer, now=NOON)

    assert not Handover.objects.exists() and not Notice.objects.exists()


def test_the_rewind_of_an_account_lists_every_production_it_ever_fetched():
    from tecum.breaches import operations as breaches
    from tecum.breaches.operations import Found

    found = case()
    fetched(found.handed(), found.officer)
    late = NOON + timedelta(days=1)
    counsel = acting(make.person(roles=["counsel"]), stepped_up_at=late)
    what = Found(
        person=found.officer.ref.removeprefix("person:"),
        since=NOON,
        until=late,
        found_at=late,
        what="phished",
    )
    breach = breaches.open_breach(found=what, by=counsel, now=late)

    (one,) = breaches.read_productions(breach=breach.id, by=counsel, now=late)

    assert one.numbers == (NUMBER,) and one.case_reference == "L-7Q2M-40VX"
    assert TrailLeaf.objects.filter(event="breach.productions_read").count() == 1
    other = acting(make.person(roles=["subpoena_analyst"]))
    with pytest.raises(NotYours):
        breaches.read_productions(breach=breach.id, by=other, now=late)


def test_what_nobody_fetched_can_be_recalled_and_its_receiver_is_told_nothing_of_why(monkeypatch):
    heard = []
    monkeypatch.setattr(
        handing, "tell_hooks", lambda kind, **more: heard.append((kind, more["owner"], more["data"]))
    )
    found = case()
    handover = found.handed()
    id = Handover.objects.get().production_id

    productions.recall(production=id, reason="The order was quashed.", by=found.approver, now=NOON)

    assert state(id) == "RECALLED"
    with pytest.raises(CannotFetch):
        productions.fetch(handover=handover, by=found.officer, now=NOON)
    with pytest.raises(NotReleased):
        productions.hand_to_account(production=id, person=found.officer.ref, by=found.preparer, now=NOON)
    assert Notice.objects.filter(message="production_recalled").count() == 1
    assert [(kind, owner) for kind, owner, _ in heard] == [
        ("production.ready", found.officer.ref), ("production.recalled", found.officer.ref),
    ]  # fmt: skip
    assert heard[0][2] == heard[1][2], "the same references, and nothing of why"
    assert queries.offers(by=found.officer, now=NOON) == []


def test_what_somebody_has_is_not_recalled_and_that_is_said():
    found = case()
    handover = found.handed()
    fetched(handover, found.officer)

    with pytest.raises(CannotRecall, match="fetched already"):
        productions.recall(
            production=Handover.objects.get().production_id, reason="late", by=found.approver, now=NOON
        )


def test_messages_name_the_case_by_its_reference_and_nothing_else():
    found = case()
    found.handed()

    notice = Notice.objects.get(message="production_ready")
    said = f"{notice.subject} {notice.text}"
    assert "L-7Q2M-40VX" in said
    for secret in (NUMBER, "555-0142", "26-114", "July", "Ruiz"):
        assert secret not in said


def test_after_its_retention_the_package_is_gone_and_what_happened_stays():
    found = case()
    handover = found.handed()
    fetched(handover, found.officer)
    row = Production.objects.get()
    late = NOON + timedelta(days=5 * 366)

    worker.run_all(TABLE, lane="ordinary", clock=lambda: late)

    row.refresh_from_db()
    assert row.state == "PURGED" and row.sha256 and not bytes(row.inputs)
    assert StoredFile.objects.get(pk=row.file).removed_at == late
    (one,) = queries.delivered_to(found.officer.ref)
    assert one.sha256 == row.sha256 and one.numbers == ()


def test_when_the_key_of_the_epoch_goes_nothing_can_be_read():
    found = case()
    handover = found.handed()
    from tecum.models import Matter

    epoch = Matter.objects.get(pk=found.facts.matter).epoch_id
    root = Actor.operator("root", frozenset({"epoch.destroy"}))

    secrecy.destroy_epoch(epoch, by=root, now=NOON)

    with pytest.raises(secrecy.Destroyed):
        productions.fetch(handover=handover, by=found.officer, now=NOON)
    assert not Download.objects.exists()


@pytest.mark.sabotage("control 13")
def test_a_code_that_a_copy_holds_opens_nothing_until_the_recovery_is_over(monkeypatch):
    found = case()
    number = called_back(found)
    made = found.released(receivers=Receivers((), found.facts.address))
    told = productions.hand_to_address(production=made, call_back=number, by=found.preparer, now=NOON)
    link = {"token": link_of(found), "code": told.code, "by": STRANGER, "now": NOON + timedelta(minutes=1)}
    recovery.enter(
        copied_at=NOON, copy="a" * 64, origin="example.net/trail-2", known_outside=120, in_copy=100, by=make.ROOT, now=NOON
    )  # fmt: skip

    with pytest.raises(recovery.InRecovery, match="nothing leaves it"):
        productions.fetch_by_code(**link)

    monkeypatch.setattr(holding, "hold", lambda *_, **__: None)
    assert b"".join(productions.fetch_by_code(**link).pieces)  # without the control it has left
