"""
T6 with a sealed emergency and the sealed ladder that climbs about it. Two worlds, the same but for that emergency.

A ladder that nobody may stop helps nobody (C5): that one climbs is known to everybody on call. So the first world has a
ladder too, about something else that is sealed; that a case stands behind it, and which, must not show in one byte.
"""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from django.db import transaction

from tecum.access.catalogue import ROLES
from tecum.agencies.rules import AgencyView
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.exigent import operations as exigent
from tecum.exigent.rules.compiling import Wanted
from tecum.exigent.states import CallState
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.models import Deadline, Escalation, EscalationEntry, ExigentDecision, ExigentFollowUp
from tecum.oncall import operations as oncall
from tecum.oncall.rules.views import Caller
from tecum.secrecy import operations as secrecy
from tests import emergencies, make
from tests.emergencies import HEARD, SAID
from tests.faults.test_two_worlds import (
    NO_REFERENCE,
    NOTHING,
    NUMBER,
    SYSTEM,
    carrier,  # noqa: F401
    crawled,
    differences,
    others,
)
from tests.make import NOON
from tests.surface.test_every_address_is_open_to_whom_it_says import session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.both_databases, pytest.mark.slow]
LATER = NOON + timedelta(hours=2)
SEES = ("on_call_administrator", "counsel", "noc_escalation", "auditor", "le_user")
CALLER = Caller("Adaeze Cole", emergencies.IN_MESSAGE, "Marrow County 911", "")


def a_ladder() -> dict[str, str]:
    """Let a ladder climb about something sealed that is no case of the desk."""
    with transaction.atomic():
        matter = secrecy.open_matter(kind="cases", by=SYSTEM, now=LATER)
        secrecy.seal_matter(matter)
    made = oncall.begin(
        about="voicemail:night:1", cause="exigent_request", matter=matter, caller=CALLER, by=Actor.system("exigent"), now=LATER,
    )  # fmt: skip
    return ladder_ids(made.id)


def ladder_ids(id: str) -> dict[str, str]:
    return {"escalation": id, "ladder": Escalation.objects.get(pk=id).reference}


def taken_away(id: str) -> None:
    """Let a ladder never have been there."""
    EscalationEntry.objects.filter(escalation=id).delete()
    Escalation.objects.filter(pk=id).delete()
    Deadline.objects.filter(subject=id).delete()


@dataclass(frozen=True)
class Cast:
    """Who is there in both worlds: an agency with a number in the directory, and two people on call."""

    home: AgencyView
    entry: str
    ada: Actor
    bo: Actor


@pytest.fixture
def cast(carrier) -> Cast:  # noqa: F811
    home = make.agency("Marrow County 911", domain="police.marrow.example.gov")
    ada, bo = (emergencies.on_call(name, LATER) for name in ("Ada Lindqvist", "Bo Farrow"))
    return Cast(home, emergencies.with_number(home), ada, bo)


def sealed_emergency(cast: Cast, *, seal: bool = True) -> dict[str, str]:
    """Let an emergency be asked, called back, proposed, approved; seal it; and let its ladder climb again."""
    home, entry, ada, bo = cast.home, cast.entry, cast.ada, cast.bo
    said = replace(SAID, circumstances="a word that stands nowhere else: quixotic")
    got = exigent.ask(said=said, pathway="disclosure", by=Actor.stranger(), now=LATER)
    exigent.correct(case=got.case, said=said, agency=home.id, by=ada, now=LATER)
    if seal:
        cases.seal(case=got.case, people=[bo.ref], by=ada, now=LATER)
    climbs = Escalation.objects.get(about=f"case:{got.case}").pk
    exigent.call_back(
        case=got.case,
        outcome=CallState.UNREACHED,
        heard=HEARD,
        called_at=LATER,
        entry=entry,
        by=ada,
        now=LATER,
    )
    exigent.find_source(
        case=got.case, number="4925550155", where="the county's official site", by=bo, now=LATER
    )
    home_case = files.case(case=got.case, by=SYSTEM, now=LATER)
    return {
        "case": got.case, "reference": home_case.reference,
        "decision": decided(got.case, entry, ada, bo), "follow_up": NOTHING, **ladder_ids(climbs),
    }  # fmt: skip


def decided(case: str, entry: str, ada, bo) -> str:
    """Return a decision of it that waits for another person; its ladder is not stopped by the call, which is not on duty's."""
    quiet = Actor(
        ada.ref, ada.kind, name=ada.name, permissions=ada.permissions - {"oncall.answer"}, stepped_up_at=LATER
    )
    exigent.call_back(
        case=case, outcome=CallState.VERIFIED, heard=HEARD, called_at=LATER, entry=entry, by=quiet, now=LATER
    )
    wanted = [Wanted("basic_subscriber", NUMBER, Period(LATER - timedelta(days=7), LATER))]
    try:
        return exigent.propose_disclosure(case=case, wanted=wanted, by=ada, now=LATER)
    except exigent.CannotDisclose:  # this carrier holds nothing of that number
        assert not ExigentDecision.objects.exists() and not ExigentFollowUp.objects.exists()
        return NOTHING[1:] + "1"


NO_IDS = {
    "case": NOTHING, "reference": NO_REFERENCE, "decision": NOTHING[1:] + "1", "follow_up": NOTHING,
    "mail": "ML-0000-0000",
}  # fmt: skip


def seen_by(home, roles):
    every = others(home)
    return {role: every[role] for role in roles}


def test_two_worlds_that_differ_in_one_sealed_emergency_answer_everybody_off_its_list_alike_to_the_byte(cast):
    browsers = seen_by(cast.home, SEES)
    plain = a_ladder()

    without = crawled(browsers, {**NO_IDS, **plain})
    taken_away(plain["escalation"])
    within = crawled(browsers, {**sealed_emergency(cast), "mail": "ML-0000-0000"})

    assert differences(without, within) == []
    assert len(within.answers) > 200
    assert set(SEES) <= set(ROLES)


@pytest.mark.sabotage("control 8: a sealed emergency")
def test_an_emergency_that_is_not_sealed_would_be_noticed(cast):
    browsers = {"on_call_administrator": session_of(make.person(roles=["on_call_administrator"]))}
    plain = a_ladder()

    without = crawled(browsers, {**NO_IDS, **plain})
    taken_away(plain["escalation"])
    within = crawled(browsers, {**sealed_emergency(cast, seal=False), "mail": "ML-0000-0000"})

    assert len(differences(without, within)) > 5
