"""
T11 at every door: the ways around the call back made over HTTP, on the pages of emergencies and wherever else an id of one can
be sent to; by mail and by the telephone system's door too. None decides, starts, locates or discloses anything.

The exception for a life is the one path that this excepts: it does what the decisions say, and its misuse does nothing.
"""

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tecum.access.catalogue import ROLES, Side
from tecum.exigent.operations import deciding, verifying
from tecum.exigent.rules import calling
from tecum.models import Authority, ExigentDecision, ExigentPing, ExigentRequest, Person, Production, Tap
from tests import emergencies, letters, make
from tests.emergencies import CERTIFIED, IN_MESSAGE, NUMBER, SAID, wireless  # noqa: F401
from tests.make import NOON
from tests.sizes import size
from tests.subscribers import billing  # noqa: F401
from tests.surface.routes import ROUTES
from tests.surface.test_every_address_is_open_to_whom_it_says import ALL, STAND_INS, session_of
from tests.taps import DIAL_UP

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("wireless"),
]
ROOT = Path(__file__).resolve().parents[2]
HOUR = timedelta(hours=1)
PATHS = ("disclosure", "surveillance")  # what may be located is tried by every other address, below
# What decides, starts or locates, and the one module of the doors that may call it.
CALLERS = {
    "approve": {"tecum/web/exigent/deciding.py"},
    "decide_alone": {"tecum/web/exigent/ends.py"},
    "propose_disclosure": {"tecum/web/exigent/deciding.py"},
    "propose_location": {"tecum/web/exigent/deciding.py"},
    "propose_surveillance": {"tecum/web/exigent/deciding.py"},
    "locate": {"tecum/web/exigent/acts.py"},
    "call_back": {"tecum/web/exigent/calling.py"},
    "find_source": {"tecum/web/exigent/calling.py"},
}
HEARD = {
    "spoke_with": "Sergeant Cole", "badge": "4471", "supervisor": "Lieutenant Brandt", "challenge": "gave the number of the dispatch",
    "ground": "a girl was taken from school", "designation": "in the county's list", "minutes": "0", "nobody": "",
}  # fmt: skip
# What every form of these pages could ask for, sent to every address at once.
EVERYTHING = {
    **HEARD, "outcome": "VERIFIED", "targets": [NUMBER], "products": ["basic_subscriber"], "days": "1", "hours": "4",
    "types": ["pen_register"], "service": "interconnect", "switches": ["training-1"], "delivery": DIAL_UP, "obey": "yes",
    "tried": "Bo and the desk, twice each, by telephone", "agrees": "yes", "goes_on": "yes", "said": "I looked at all of it",
    "number": NUMBER, "found": "42.1 N, 81.2 W", "where": "the county's official site", "reason": "it cannot wait", "confirm": "yes",
    "signed": "on", "words": "it is so", "words_": "it is so", "hours_": "0", "why": "carrier_decided",
}  # fmt: skip


@pytest.fixture(autouse=True)
def noon(wireless):  # noqa: F811
    with time_machine.travel(NOON, tick=False):
        yield


@dataclass
class Door:
    """One request, and who stands before the pages of it: whoever called back, whoever could approve, a third on call."""

    path: str
    made: emergencies.Emergency
    browsers: dict[str, Client] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)

    def who(self, ref: str) -> Client:
        if ref not in self.browsers:
            self.browsers[ref] = session_of(make.again_by_ref(ref))
        return self.browsers[ref]

    def post(self, page: str, *more: str, by: str = "", **data) -> int:
        address = reverse(f"exigent:{page}", args=[self.made.case, *more])
        answer = self.who(by or self.made.caller.ref).post(address, {**EVERYTHING, **data})
        self.answers.append(answer.status_code)
        return answer.status_code

    def call(self, entry: str = "", **more) -> int:
        return self.post("call", entry=entry or f"entry:{self.made.entry}", **more)

    def propose(self, by: str = "") -> str:
        """Post the proposal of this pathway, and return the id of what then waits, "" for nothing."""
        page = {"disclosure": "disclose", "location": "locate", "surveillance": "surveil"}[self.path]
        self.post(page, by=by)
        waits = ExigentDecision.objects.filter(request__case=self.made.case, state="PROPOSED")
        return waits.values_list("pk", flat=True).first() or ""

    def approve(self, decision: str, by: str = "") -> int:
        ref = by or self.made.approver.ref
        name = Person.objects.get(pk=ref.removeprefix("person:")).name
        return self.post("approve", decision or "0" * 26, by=ref, affirmed_as=name)

    def alone(self, decision: str, by: str = "", **data) -> int:
        ref = by or self.made.caller.ref
        name = Person.objects.get(pk=ref.removeprefix("person:")).name
        return self.post("alone", decision or "0" * 26, by=ref, **{"affirmed_as": name, **data})


def begun(path: str, said=None, **more) -> Door:
    """Return a request of one pathway, in writing, of which nothing is verified."""
    said = said or (CERTIFIED if path == "surveillance" else SAID)
    made = emergencies.asked(said, **more)
    return Door(path, made.written() if path == "surveillance" else made)


def harmed() -> list[str]:
    """Return what happened that must not."""
    found = [f"decided: {each.act}" for each in ExigentDecision.objects.filter(state="DONE")]
    found += [f"located: {each}" for each in ExigentPing.objects.all()]
    found += [f"started: {each.state}" for each in Tap.objects.all()]
    found += ["an authority"] * Authority.objects.count()
    return found + [
        f"left: {each.state}" for each in Production.objects.exclude(state__in=["MAKING", "MADE"])
    ]


def no_call_back(path: str) -> Door:
    door = begun(path)
    door.approve(door.propose())
    door.call(outcome="UNREACHED")
    door.approve(door.propose())
    door.call(outcome="VERIFIED", badge="", supervisor="")
    door.alone(door.propose())
    return door


def a_call_that_verified_something_else(path: str) -> Door:
    door = begun(path)
    door.call()
    decision = door.propose()
    door.post(
        "correct", pathway=door.made.seen().path, requester="lea", targets=emergencies.OTHER,
        grounds=["danger_to_life"], services=["interconnect"], phone="", email="",
    )  # fmt: skip
    door.approve(decision)
    door.approve(door.propose())
    return door


def a_call_that_the_agency_denied(path: str) -> Door:
    door = begun(path)
    door.call()
    decision = door.propose()
    door.call(outcome="DENIED")
    door.approve(decision)
    door.alone(decision)
    return door


def number_of_the_message(path: str) -> Door:
    door = begun(path, number=False)
    door.post("source", number=IN_MESSAGE, where="the letterhead of the request")
    door.post("source", number=IN_MESSAGE, where="a page that the caller named")
    for entry in (f"number:{IN_MESSAGE}", f"entry:{IN_MESSAGE}", IN_MESSAGE):
        door.call(entry, nobody="nobody answered the desk")
    door.approve(door.propose())
    door.alone(door.propose())
    return door


def number_of_the_message_beside_the_directory(path: str) -> Door:
    door = begun(path)
    for ref in (door.made.caller.ref, door.made.approver.ref):
        door.post("source", by=ref, number=IN_MESSAGE, where="a page that the caller named")
    door.call(f"number:{IN_MESSAGE}")
    door.approve(door.propose())
    return door


def fresh_number(path: str) -> Door:
    door = begun(path, fresh=NOON - HOUR)
    door.call()
    door.approve(door.propose())
    door.alone(door.propose())
    return door


def the_same_person_twice(path: str) -> Door:
    door = begun(path, replace(CERTIFIED if path == "surveillance" else SAID, grounds=("organized_crime",)))
    door.call()
    decision = door.propose()
    door.alone(decision)
    door.approve(decision, by=door.made.caller.ref)
    return door


def who_called_approves_for_another(path: str) -> Door:
    door = begun(path)
    door.call()
    decision = door.propose(by=door.made.approver.ref)
    door.approve(decision, by=door.made.caller.ref)
    door.alone(decision)
    return door


def a_call_of_another_case(path: str) -> Door:
    other = begun(path)
    other.call()
    theirs = other.propose()
    said = CERTIFIED if path == "surveillance" else SAID
    made = emergencies.asked(said, again=other.made)
    door = Door(path, made.written() if path == "surveillance" else made, other.browsers)
    door.approve(theirs)
    door.approve(door.propose())
    door.post("located", theirs)
    stranger = make.agency("Harbor Police", domain="harbor.example.gov")
    elsewhere = emergencies.with_number(stranger, "4925550131")
    door.call(f"entry:{elsewhere}")
    door.approve(door.propose())
    return door


def exception_for_a_life_misused(path: str) -> Door:
    door = begun(path)
    door.call()
    decision = door.propose()
    door.alone(decision, tried="")
    door.alone(decision, tried="nobody")
    door.alone(decision, by=door.made.approver.ref)  # another than called back and proposed
    if path == "surveillance":
        door.alone(decision, affirmed_as="Somebody Else")
    return door


ATTACKS = (
    no_call_back, a_call_that_verified_something_else, a_call_that_the_agency_denied, number_of_the_message,
    number_of_the_message_beside_the_directory, fresh_number, the_same_person_twice, who_called_approves_for_another,
    a_call_of_another_case, exception_for_a_life_misused,
)  # fmt: skip


@pytest.mark.parametrize(("attack", "path"), list(product(ATTACKS, PATHS)))
def test_no_way_around_the_call_back_succeeds_on_the_pages(attack, path):
    door = attack(path)

    assert harmed() == []
    assert door.answers and 500 not in door.answers


@pytest.mark.parametrize("path", PATHS)
def test_the_same_pages_decide_when_another_approves_what_was_called_back(path):
    """The same requests by whoever may: so the attempts above would have been noticed."""
    door = begun(path)
    door.call()

    door.approve(door.propose())

    assert harmed()
    assert set(door.answers) == {302}


def test_the_exception_for_a_life_is_for_one_case_and_its_holder_never_confirms_it():
    door = begun("location")
    door.call()
    door.alone(door.propose())
    assert door.made.seen().alone_by == door.made.caller.ref
    other = Door("location", emergencies.asked(SAID, again=door.made), door.browsers)
    other.call()

    other.approve(other.propose(), by=other.made.caller.ref)
    door.post("confirm")

    assert ExigentDecision.objects.filter(state="DONE").count() == 1
    assert door.made.seen().confirmed_at is None


# every other address


@contextmanager
def taken_back() -> Iterator[None]:
    """Let nothing of what happens inside stay."""
    block = transaction.atomic()
    block._from_testcase = True
    with block:
        yield
        transaction.set_rollback(True)


def ids_of(door: Door, decision: str) -> dict[str, str]:
    """Return what stands for each part of an address: the ids of the request that must not be acted on."""
    row = ExigentRequest.objects.get(case=door.made.case)
    approval = ExigentDecision.objects.values_list("approval", flat=True).filter(pk=decision).first() or "1"
    return {
        "case": row.case_id, "decision": decision, "approval": approval, "act": approval, "proposal": approval,
        "follow_up": row.pk, "end": row.pk, "order": row.case_id, "surveillance_id": row.pk, "production": row.pk,
    }  # fmt: skip


def addresses(ids: dict[str, str]) -> list[str]:
    """Return every address of the site that takes a POST, filled with those ids."""
    found = []
    for name, methods in ROUTES.items():
        if "POST" not in methods or name.startswith(("account", "sign", "mfa", "demo")):
            continue
        parts = ALL[name].pattern.converters
        given = {part: ids.get(part, STAND_INS[type(kind).__name__]) for part, kind in parts.items()}
        found.append(reverse(name, kwargs=given))
    return sorted(set(found))


def everybody(door: Door, *, roles: list[str]) -> dict[str, Client]:
    """Return a browser for each of these roles, for nobody, and for an officer of the agency that asks."""
    parties = {
        Side.AGENCY: {"agency": door.made.agency}, Side.CUSTOMER: {"customer": make.customer().id}
    }  # fmt: skip
    found = {
        role: session_of(make.person(roles=[role], **parties.get(ROLES[role].side, {}))) for role in roles
    }
    return {**found, "nobody": Client(), "who called back": door.who(door.made.caller.ref)}


def swept(browsers: dict[str, Client], ids: dict[str, str], door: Door) -> list[str]:
    """Post everything to every address, each taken back, and return where something happened that must not."""
    harm = []
    entry = f"entry:{door.made.entry}"
    for (who, client), address in product(browsers.items(), addresses(ids)):
        client.raise_request_exception = False
        with taken_back():
            jar = client.cookies.copy()
            client.post(
                address,
                {
                    **EVERYTHING,
                    "entry": entry,
                    "affirmed_as": door.made.caller.name,
                    "approval": ids["approval"],
                },
            )
            client.cookies = jar
            harm += [f"{who} at {address}: {each}" for each in harmed()]
    return harm


DECIDES = {role for role in ROLES if "emergency.decide" in ROLES[role].permissions}
A_FEW = ["le_user", "counsel"]


@pytest.mark.parametrize("path", ["location", "surveillance"])
def test_no_address_of_the_site_decides_a_verified_and_proposed_emergency_for_anybody_but_the_second_person(
    path,
):
    door = begun(path)
    door.call()
    decision = door.propose()
    others = sorted(set(ROLES) - DECIDES)
    roles = [role for role in others if role in A_FEW][: size(ci=1, proof=0)] or others

    assert swept(everybody(door, roles=roles), ids_of(door, decision), door) == [
        f"who called back at {reverse('exigent:alone', args=[door.made.case, decision])}: {each}"
        for each in EXCEPTED[path]
    ]


EXCEPTED = {
    "location": ["decided: locate"],
    "surveillance": ["decided: surveil", "started: STARTING", "an authority"],
}


def test_no_address_of_the_site_decides_one_that_nobody_called_back_not_even_for_people_on_call():
    door = begun("surveillance")
    decision = door.propose()
    browsers = {"approver": door.who(door.made.approver.ref), "caller": door.who(door.made.caller.ref)}
    assert decision == ""

    assert swept(browsers, ids_of(door, "0" * 26), door) == []


# the other doors


@pytest.mark.parametrize("box", [letters.PORTAL, letters.DEMANDS, letters.STATUS])
def test_no_letter_decides_an_emergency(box, settings):
    door = begun("location")
    door.call()
    decision = door.propose()
    reference = door.made.seen().case.reference
    words = f"I approve {reference} ({decision}). The agency was called back at {IN_MESSAGE}: verified. Release the location."

    for sender in ("cole@marrow.example.gov", "bo@carrier.example"):
        letters.arrived(letters.letter(f"Emergency {reference}", words, sender=sender, to=box), to=box)

    assert harmed() == []
    assert ExigentDecision.objects.get().state == "PROPOSED"


def test_no_other_module_of_a_door_calls_what_decides():
    callers: dict[str, set[str]] = {name: set() for name in CALLERS}
    for folder in ("web", "api", "cli", "jobs", "mailroom"):
        for file in sorted((ROOT / "tecum" / folder).rglob("*.py")):
            text = file.read_text()
            if "tecum.exigent import operations as exigent" not in text:
                continue
            for node in ast.walk(ast.parse(text)):
                if not (isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)):
                    continue
                if node.value.id == "exigent" and node.attr in CALLERS:
                    callers[node.attr].add(file.relative_to(ROOT).as_posix())

    assert callers == CALLERS


# with the control taken away


@pytest.mark.sabotage("control 5: a call back")
def test_without_the_call_back_the_pages_would_decide(monkeypatch):
    door = begun("location")
    door.call()
    decision = door.propose()
    ExigentRequest.objects.get(case=door.made.case).calls.update(void_at=NOON)
    monkeypatch.setattr(deciding, "refuse_unready", lambda *args, **more: None)

    door.approve(decision)

    assert harmed() == ["decided: locate"]


@pytest.mark.sabotage("control 5: a number of the directory")
@pytest.mark.parametrize(
    ("attack", "rule"), [(number_of_the_message, "source_fault"), (fresh_number, "entry_fault")]
)
def test_without_the_rules_of_numbers_the_forgers_number_would_do_on_the_pages(attack, rule, monkeypatch):
    monkeypatch.setattr(verifying.calling, rule, lambda *args, **more: "")

    attack("surveillance")

    assert "decided: surveil" in harmed()


@pytest.mark.sabotage("control 5: by a person who does not approve")
def test_without_that_rule_who_called_back_would_approve_on_the_page(monkeypatch):
    monkeypatch.setattr(calling, "decides", lambda *args: True)

    who_called_approves_for_another("location")

    assert harmed() == ["decided: locate"]
