"""An account answers for one person who serves today: supervisors say so, silence and dead addresses close it (W10)."""

from datetime import timedelta

import pytest
from django.db import transaction

from tecum.access.rules import StepUpNeeded
from tecum.accounts import operations as accounts
from tecum.accounts import queries, rules
from tecum.accounts.operations import (
    AddressNotProved,
    AlreadySo,
    AlreadyThere,
    LinkNotGood,
    NotAnAccount,
    NotAttested,
    NotHowItWasGiven,
    NotOnOneself,
    PersonSuspended,
    SignalSettled,
)
from tecum.jobs import worker
from tecum.jobs.table import TABLE
from tecum.kernel.refusals import NotYours
from tecum.models import Notice, Person, TrailLeaf, Visit
from tecum.notices import operations as notices
from tecum.notices.rules import Outcome
from tecum.notices.states import AttemptEnd
from tests import make
from tests.applications import link_in
from tests.make import NOON, ROOT, acting

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases]
DAY = timedelta(days=1)
QUARTER = NOON.replace(
    month=12
)  # three months after 8 September, at the same wall-clock time but for the zone's winter


@pytest.fixture
def county():
    return make.agency(domain="marrow.example.gov")


@pytest.fixture
def officer(county):
    return make.officer("Ines Barrowclough", at=county)


@pytest.fixture
def supervisor(county):
    return make.person("Cal Whitlock", roles=["supervisor"], agency=county)


def signs_in(who, at=NOON, address="192.0.2.10"):
    return accounts.open_visit(person=who.id, factor="totp", now=at, address=address)


def arrives(who, visit, at):
    return accounts.arrive(visit=visit, person=who.id, now=at).actor


def time_passes(until):
    worker.run_all(TABLE, lane="ordinary", clock=lambda: until)


def looks_up(who, at):
    with transaction.atomic():
        accounts.stand(by=acting(who), now=at)


def sent(message):
    return [(row.recipient, row.text) for row in Notice.objects.filter(message=message).order_by("recipient")]


def events(name):
    return TrailLeaf.objects.filter(event=name).count()


def test_the_quarter_begins_at_the_first_sign_in_and_ends_look_ups_by_the_date_alone(officer):
    signs_in(officer)
    until = make.again(officer).attested_until

    assert until is not None
    assert abs(until - QUARTER) <= timedelta(hours=1)
    looks_up(officer, until - timedelta(seconds=1))
    with pytest.raises(NotAttested):  # no job ran
        looks_up(officer, until)
    visit = signs_in(officer, until)
    limited = arrives(officer, visit, until)
    assert not limited.may("lookup.run")
    assert not limited.may("account.token")
    assert limited.may("lookup.history")


def test_a_later_sign_in_does_not_move_the_quarter(officer):
    signs_in(officer)
    first = make.again(officer).attested_until

    signs_in(officer, NOON + 40 * DAY)

    assert make.again(officer).attested_until == first


def test_fourteen_days_ahead_every_supervisor_of_the_agency_is_told(officer, supervisor, county):
    second = make.person("Ada Fenn", roles=["supervisor"], agency=county)
    make.person("Of Elsewhere", roles=["supervisor"], agency=make.agency())
    signs_in(officer)
    until = make.again(officer).attested_until

    time_passes(until - 15 * DAY)
    assert sent("attestation_due") == []
    time_passes(until - 13 * DAY)

    assert [address for address, _ in sent("attestation_due")] == sorted([second.email, supervisor.email])
    assert "Ines" not in sent("attestation_due")[0][1]


def test_where_an_agency_has_no_supervisor_the_desk_is_told(officer):
    signs_in(officer)

    time_passes(make.again(officer).attested_until - DAY)

    assert [address for address, _ in sent("attestation_due")] == ["portal@meadowlark.example"]


def test_when_it_ran_out_the_officer_is_told_once_and_it_is_remembered(officer, supervisor):
    signs_in(officer)
    signs_in(officer, NOON + 60 * DAY)
    until = make.again(officer).attested_until

    time_passes(until - timedelta(minutes=1))
    assert sent("access_paused") == []
    time_passes(until)
    time_passes(until + DAY)

    paused = [(address, "supervisor" in text) for address, text in sent("access_paused")]
    assert paused.count((officer.email, True)) == 1
    assert events("person.attestation_lapsed") == 1


def test_any_supervisor_of_the_agency_brings_look_ups_back(officer, supervisor):
    signs_in(officer)
    until = make.again(officer).attested_until
    by = acting(supervisor, stepped_up_at=until)

    given = accounts.attest(person=officer.id, by=by, now=until)

    assert given.until > until + 80 * DAY
    looks_up(officer, until + DAY)
    assert queries.attestations(person=officer.id, by=ROOT, now=until) == [given]
    assert events("person.attested") == 1


def test_a_confirmation_moves_the_warning_and_the_end(officer, supervisor):
    signs_in(officer)
    first = make.again(officer).attested_until
    early = first - 20 * DAY
    accounts.attest(person=officer.id, by=acting(supervisor, stepped_up_at=early), now=early)

    signs_in(officer, early)
    time_passes(first + DAY)

    assert sent("attestation_due") == []
    assert sent("access_paused") == []


def test_nobody_else_confirms(officer, supervisor, county):
    stranger = make.person(roles=["supervisor"], agency=make.agency())
    both = make.person("Of Both", roles=["supervisor", "le_user"], agency=county)

    with pytest.raises(NotYours):
        accounts.attest(person=officer.id, by=acting(stranger), now=NOON)
    with pytest.raises(NotYours):
        accounts.attest(person=officer.id, by=acting(make.officer(at=county)), now=NOON)
    with pytest.raises(NotYours):
        accounts.attest(person=supervisor.id, by=acting(both), now=NOON)  # asks nothing: nothing to confirm
    with pytest.raises(NotOnOneself):
        accounts.attest(person=both.id, by=acting(both), now=NOON)
    with pytest.raises(StepUpNeeded):
        accounts.attest(person=officer.id, by=acting(supervisor, stepped_up_at=NOON - DAY), now=NOON)


def test_a_supervisor_suspended_a_moment_ago_confirms_nobody(officer, supervisor):
    by = acting(supervisor)
    accounts.suspend_person(person=supervisor.id, reason="left", by=ROOT, now=NOON)

    with pytest.raises(PersonSuspended):
        accounts.attest(person=officer.id, by=by, now=NOON)


def test_staff_record_a_supervisors_word_only_with_how_it_reached_them(officer):
    desk = acting(make.person(roles=["portal_administrator"]))

    with pytest.raises(NotHowItWasGiven):
        accounts.attest(person=officer.id, by=desk, now=NOON)
    given = accounts.attest(person=officer.id, by=desk, now=NOON, how="Lt. Whitlock, called back on dispatch")

    assert given.how.startswith("Lt. Whitlock")


def test_whom_a_supervisor_reports_as_gone_is_out_at_once_and_the_desk_is_told(officer, supervisor):
    visit = signs_in(officer)

    after = accounts.report_left(person=officer.id, by=acting(supervisor), now=NOON)

    assert (after.standing, after.standing_cause) == ("SUSPENDED", "left")
    assert Visit.objects.get(pk=visit).ended_how == "suspended"
    assert [address for address, _ in sent("person_left")] == ["portal@meadowlark.example"]
    with pytest.raises(AlreadySo):
        accounts.report_left(person=officer.id, by=acting(supervisor), now=NOON)
    with pytest.raises(NotYours):
        accounts.report_left(
            person=officer.id, by=acting(make.person(roles=["portal_administrator"])), now=NOON
        )


def test_a_supervisor_sees_the_own_agencys_people_those_who_need_them_first(officer, supervisor, county):
    make.officer(at=make.agency())
    soon = make.officer("Soon Lapsed", at=county)
    signs_in(soon, NOON - 60 * DAY)
    signs_in(officer)

    team = queries.team(by=acting(supervisor), now=NOON)

    assert [one.name for one in team] == ["Soon Lapsed", "Ines Barrowclough"]
    assert not any(one.lapsed for one in team)
    with pytest.raises(NotYours):
        queries.member(id=make.officer(at=make.agency()).id, by=acting(supervisor), now=NOON)


def test_an_account_that_is_not_used_for_ninety_days_is_suspended(officer):
    signs_in(officer, NOON)
    signs_in(officer, NOON + 30 * DAY)

    time_passes(NOON + 119 * DAY)
    assert make.again(officer).standing == "ACTIVE"
    time_passes(NOON + 121 * DAY)

    after = make.again(officer)
    assert (after.standing, after.standing_cause) == ("SUSPENDED", "inactive")
    assert any("90 days" in text for _, text in sent("access_paused"))


def test_who_was_let_in_again_has_the_ninety_days_anew(officer):
    signs_in(officer)
    time_passes(NOON + 91 * DAY)
    accounts.reinstate_person(person=officer.id, by=ROOT, now=NOON + 100 * DAY)

    time_passes(NOON + 189 * DAY)
    assert make.again(officer).standing == "ACTIVE"
    time_passes(NOON + 191 * DAY)

    assert make.again(officer).standing == "SUSPENDED"


def test_staff_and_supervisors_are_not_suspended_for_inactivity(supervisor):
    clerk = make.person(roles=["subpoena_analyst"])
    signs_in(supervisor)
    signs_in(clerk)

    time_passes(NOON + 400 * DAY)

    assert make.again(supervisor).standing == make.again(clerk).standing == "ACTIVE"


def comes_back(to, code, at=NOON):
    """A mail to an address bounces: the deadline that notices leave is what accounts hear of it."""
    words = {"since": "8 Sep 2026"}
    with transaction.atomic():
        notice = notices.enqueue("address_changing", to=to, context=words, by=ROOT, now=at).id
    claimed = notices.claim(now=at)
    outcome = Outcome(AttemptEnd.REFUSED, code, "no such user")
    notices.settle(claimed, outcome, by=ROOT, now=at)
    time_passes(at)
    return notice


@pytest.mark.parametrize("code", ["5.1.1", "5.1.10", "5.2.1", "550"])
def test_an_address_that_is_gone_suspends_until_it_is_proved(officer, code):
    comes_back(officer.email, code)

    after = make.again(officer)
    assert (after.standing, after.standing_cause) == ("SUSPENDED", "bounced")
    with pytest.raises(AddressNotProved):
        accounts.reinstate_person(person=officer.id, by=ROOT, now=NOON)


@pytest.mark.parametrize("code", ["5.2.2", "5.7.1", "4.1.1", "552", ""])
def test_a_full_mailbox_or_a_policy_suspends_nobody(officer, code):
    comes_back(officer.email, code)

    assert make.again(officer).standing == "ACTIVE"


def test_mail_of_nobody_here_and_of_staff_changes_nothing():
    clerk = make.person(roles=["subpoena_analyst"])

    comes_back(clerk.email, "5.1.1")
    comes_back("nobody@marrow.example.gov", "5.1.1")

    assert make.again(clerk).standing == "ACTIVE"
    assert not Person.objects.filter(standing="SUSPENDED").exists()


def link_of(message="address_prove"):
    text = link_in(Notice.objects.filter(message=message).latest("enqueued_at", "pk"))
    return text.partition("/prove-address/")[2].partition("/")[0]


def test_a_proved_address_brings_the_account_back_and_an_old_bounce_does_not_take_it_again(officer):
    old = comes_back(officer.email, "5.1.1")
    accounts.ask_address(person=officer.id, address=officer.email, by=ROOT, now=NOON + DAY)
    token = link_of()

    after = accounts.prove_address(token=token, by=ROOT, now=NOON + DAY)

    assert (after.standing, after.standing_cause) == ("ACTIVE", "")
    accounts.address_bounced(notice=old, by=ROOT, now=NOON + DAY)
    assert make.again(officer).standing == "ACTIVE"
    with pytest.raises(LinkNotGood):
        accounts.prove_address(token=token, by=ROOT, now=NOON + DAY)


def test_a_new_address_counts_from_its_proof_and_the_old_one_is_told(officer):
    visit = signs_in(officer)

    accounts.ask_address(person=officer.id, address="I.B@Marrow.example.gov", by=ROOT, now=NOON)

    assert make.again(officer).email == officer.email
    assert [address for address, _ in sent("address_changing")] == [officer.email]
    after = accounts.prove_address(token=link_of(), by=ROOT, now=NOON)
    assert after.email == "i.b@marrow.example.gov"
    assert Visit.objects.get(pk=visit).ended_how == "credentials_changed"
    assert events("address.proved") == 1


def test_a_link_to_an_address_is_good_for_a_day_and_a_newer_one_replaces_it(officer):
    accounts.ask_address(person=officer.id, address="a@marrow.example.gov", by=ROOT, now=NOON)
    first = link_of()
    accounts.ask_address(person=officer.id, address="b@marrow.example.gov", by=ROOT, now=NOON + DAY / 2)

    with pytest.raises(LinkNotGood):
        accounts.prove_address(token=first, by=ROOT, now=NOON + DAY / 2)
    assert not queries.proof_good(token=link_of(), now=NOON + 2 * DAY)
    with pytest.raises(LinkNotGood):
        accounts.prove_address(token=link_of(), by=ROOT, now=NOON + 2 * DAY)
    assert make.again(officer).email == officer.email


def test_an_address_of_another_domain_or_another_person_is_refused(officer, county):
    other = make.officer(at=county)

    for wrong in ("ines@mailbox.example", "nobody"):
        with pytest.raises(NotAnAccount):
            accounts.ask_address(person=officer.id, address=wrong, by=ROOT, now=NOON)
    with pytest.raises(AlreadyThere):
        accounts.ask_address(person=officer.id, address=other.email, by=ROOT, now=NOON)
    accounts.suspend_person(person=officer.id, reason="misuse", by=ROOT, now=NOON)
    with pytest.raises(PersonSuspended):
        accounts.ask_address(person=officer.id, address=officer.email, by=ROOT, now=NOON)


def test_who_is_suspended_for_another_reason_is_not_let_in_by_an_open_link(officer):
    accounts.ask_address(person=officer.id, address=officer.email, by=ROOT, now=NOON)
    accounts.suspend_person(person=officer.id, reason="misuse", by=ROOT, now=NOON)

    with pytest.raises(LinkNotGood):
        accounts.prove_address(token=link_of(), by=ROOT, now=NOON)


def test_two_places_within_half_an_hour_are_shown_to_a_person_and_punish_nobody(officer):
    watcher = acting(make.person(roles=["security_and_fraud"]))
    signs_in(officer, NOON, "192.0.2.10")

    signs_in(officer, NOON + timedelta(minutes=20), "198.51.100.7")

    (seen,) = queries.signs(by=watcher, now=NOON)
    assert (seen.first_address, seen.second_address) == ("192.0.2.10", "198.51.100.7")
    assert seen.apart == timedelta(minutes=20)
    assert make.again(officer).standing == "ACTIVE"
    settled = accounts.settle_sign(sign=seen.id, finding="Telephone and desk", by=watcher, now=NOON)
    assert settled.looked_by == watcher.ref
    assert queries.signs(by=watcher, now=NOON) == []
    with pytest.raises(SignalSettled):
        accounts.settle_sign(sign=seen.id, finding="Something else", by=watcher, now=NOON)
    with pytest.raises(NotAnAccount):
        accounts.settle_sign(sign=seen.id, finding=" ", by=watcher, now=NOON)
    with pytest.raises(NotYours):
        queries.signs(by=acting(officer), now=NOON)


def test_one_network_or_an_hour_between_is_no_sign(officer):
    signs_in(officer, NOON, "192.0.2.10")
    signs_in(officer, NOON + timedelta(minutes=5), "192.0.2.99")
    signs_in(officer, NOON + timedelta(minutes=66), "198.51.100.7")

    assert queries.signs(by=ROOT, now=NOON) == []


@pytest.mark.sabotage("attestation")
def test_without_the_withholding_a_lapsed_account_would_look_up_and_this_would_be_noticed(
    officer, monkeypatch
):
    signs_in(officer)
    until = make.again(officer).attested_until
    monkeypatch.setattr("tecum.accounts.operations.standing.withheld", lambda **_: frozenset())

    looks_up(officer, until)  # the bad thing happens: no refusal
    assert rules.withheld(attested_until=until, now=until)
