"""
T6: two worlds, identical but for one sealed case. Every address that somebody else's role opens is asked in both: lists,
searches, exports, the case's own addresses, and every act on it. Not one byte may differ.

The first world is asked with ids and a reference that nothing has, the second with those of the sealed case and of all that
belongs to it. Each crawl is taken back, so that what the crawl itself leaves in the trail is no difference.
"""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tecum.access.catalogue import ROLES, Side
from tecum.cases import operations as cases
from tecum.cases import queries as files
from tecum.cases.facts import Asked
from tecum.demands import operations as demands
from tecum.kernel.actors import Actor
from tecum.models import CaseDocument, CaseEntry, CustomerOwed, Demand, Notice, Received
from tecum.policy import queries as policy
from tecum.process.facts import Said
from tecum.secrecy import operations as secrecy
from tests import letters, make
from tests.make import NOON
from tests.productions import case as production_case
from tests.productions import signing  # noqa: F401
from tests.surface.routes import EVERYBODY, OWN, ROUTES
from tests.surface.test_every_address_is_open_to_whom_it_says import ALL, STAND_INS, session_of

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]
SYSTEM = Actor.system("tests")
NUMBER, OFFICER = "2925550142", letters.RUIZ
NOTHING, NO_REFERENCE = "0" * 26, "L-0000-0000"
# What a list is narrowed by, on whatever page; a page that knows no such key leaves it out.
SEARCHES = (
    "", "view=all&show=all&state=all", "view=urgent&show=waiting&due=72h", "find={reference}&reference={mail}",
    f"find={OFFICER}&show=all&number={NUMBER}&reference={{reference}}",
)  # fmt: skip
# Acts that need no address of their own.
ACTS = {"response:demands": {"case": "{case}", "to": "person:nobody"}}
MASKS = (
    (re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"'), "csrf"),
    (re.compile(r"nonce-[\w+/=-]+|nonce=\"[^\"]+\""), "nonce"),
    (re.compile(r"\b[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}\b"), "receipt"),
    (re.compile(r'name="(submission|draft)" value="[^"]+"'), "a new random id"),
)
# What is random each time it is asked, and the state of the trail as a whole: how much is sealed, and what is kept outside.
NOT_COMPARED = frozenset({"mfa_activate_totp", "mfa_add_webauthn", "auditor:trail"})


@dataclass
class World:
    """One of the two: the ids that stand for the sealed case, and what was answered."""

    ids: Mapping[str, str]
    answers: dict[tuple[str, str, str], tuple[int, bytes]] = field(default_factory=dict)


@pytest.fixture(autouse=True)
def carrier(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    settings.TECUM_GUIDE = "example"
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        yield


def others(home) -> dict[str, Client]:
    """Return a browser for every role there is, none of whose people stands on the list."""
    customer = make.customer()
    parties = {Side.AGENCY: {"agency": home}, Side.CUSTOMER: {"customer": customer.id}}
    found = {
        role: session_of(make.person(roles=[role], **parties.get(ROLES[role].side, {}))) for role in ROLES
    }
    return {**found, "": Client(raise_request_exception=False)}


def may(role: str, needed: str | None) -> bool:
    """Tell whether a role comes to an address; what is open to everybody is asked by three of them, alike for all."""
    if needed in {EVERYBODY, OWN}:
        return role in {"", "le_user", "subpoena_analyst"} and (needed == EVERYBODY or bool(role))
    return bool(role) and needed is not None and bool(set(needed.split("|")) & ROLES[role].permissions)


def asked(ids: Mapping[str, str]) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """Yield every address of the table with its method: lists under every search, and whatever names a thing."""
    for name, methods in ROUTES.items():
        parts = ALL[name].pattern.converters
        if parts and not set(parts) & set(ids):
            continue
        given = {part: ids.get(part, STAND_INS[type(kind).__name__]) for part, kind in parts.items()}
        address = reverse(name, kwargs=given)
        if "GET" in methods:
            open_to_all = methods["GET"] in {EVERYBODY, OWN}
            for search in ("",) if parts or open_to_all else SEARCHES:
                yield name, f"GET {search}", f"{address}?{search.format(**ids)}", {}
        if "POST" in methods and (parts or name in ACTS):
            yield name, "POST", address, {k: v.format(**ids) for k, v in ACTS.get(name, {}).items()}


@contextmanager
def taken_back() -> Iterator[None]:
    """Let nothing of what happens inside stay."""
    block = transaction.atomic()
    block._from_testcase = (
        True  # as the test cases of Django mark theirs: what is noted needs no transaction of its own
    )
    with block:
        yield
        transaction.set_rollback(True)


def masked(body: bytes, ids: Mapping[str, str]) -> bytes:
    text = body.decode("utf-8", "replace")
    for name, id in sorted(ids.items(), key=lambda each: -len(each[1])):
        text = text.replace(id, f"<{name}>") if len(id) > 5 else text
    for pattern, word in MASKS:
        text = pattern.sub(word, text)
    return text.encode()


def crawled(browsers: Mapping[str, Client], ids: Mapping[str, str]) -> World:
    world, times = World(ids), Counter[tuple[str, str, str]]()
    for role, browser in browsers.items():
        for name, method, address, data in asked(ids):
            verb = method.split()[0]
            if not may(role, ROUTES[name].get(verb)) or name in {"account_logout", *NOT_COMPARED}:
                continue
            times[role, verb, name] += 1
            with taken_back():
                jar = browser.cookies.copy()
                answer = browser.get(address) if verb == "GET" else browser.post(address, data)
                body = b"".join(answer.streaming_content) if answer.streaming else answer.content
                browser.cookies = jar
            which = (
                f"{verb} {times[role, verb, name]}"  # the searches differ in their words, not in their order
            )
            world.answers[role, which, name] = (answer.status_code, masked(body, ids))
    return world


def box(purpose: str) -> str:
    return policy.at(NOON).mailbox(purpose).address


def mailed(subject: str, text: str = "Any news?", *, to: str = "demands", sender: str = OFFICER, **more):
    """Let a letter come in, be read and handed on."""
    raw = letters.letter(subject, text, sender=f"Somebody <{sender}>", to=box(to), **more)
    return letters.arrived(raw, to=box(to), sender=sender)


@dataclass
class Cast:
    """Who and what is there in both worlds; the case of the production is sealed before anything of it is made."""

    people: tuple[Actor, Actor, Actor]
    produced: Any


def cast_of(home) -> Cast:
    ruiz, vale, third = (make.analyst(name) for name in ("Ruiz", "Vale", "Third"))
    produced = production_case()
    for ref in (ruiz.ref, vale.ref, produced.preparer.ref, produced.approver.ref):
        with transaction.atomic():
            secrecy.let_know(produced.facts.matter, ref, by=SYSTEM, now=NOON)
    secrecy.seal_matter(produced.facts.matter)
    cases.seal(
        case=produced.facts.id,
        people=[vale.ref, produced.preparer.ref, produced.approver.ref],
        by=ruiz,
        now=NOON,
    )
    return Cast((ruiz, vale, third), produced)


def sealed_case(cast) -> dict[str, str]:
    """Let a demand come by mail, be repeated, answered, deficient, replied to, produced; seal it; let mail come for it."""
    ruiz, vale, third = cast.people
    paper = (("gj114.pdf", "application/pdf", letters.a_pdf("Subpoena GJ-114 for 292-555-0142")),)
    same = {"files": paper, "message_id": "gj114@police.marrow.example.gov"}
    message = mailed("Subpoena GJ-114", **same)
    mailed("Subpoena GJ-114", headers="X-Again: yes\r\n", **same)
    case = files.case(case=Received.objects.get(message=message.id).case_id, by=SYSTEM, now=NOON)
    demands.take(case=case.id, by=ruiz, now=NOON)
    demands.confirm(
        case=case.id, said=Said(process="subpoena", number="GJ-114", country="US"), targets=[Asked(NUMBER)], by=ruiz, now=NOON
    )  # fmt: skip
    demands.find_deficient(case=case.id, note="It is not signed.", by=ruiz, now=NOON)
    cases.add_note(case=case.id, text="called", by=ruiz, now=NOON)
    gate = cases.open_gate(case=case.id, kind="fee_accepted", by=ruiz, now=NOON)
    owed = CustomerOwed.objects.create(
        demand=Demand.objects.get(case=case.id), state="DUE", mark="m", said=b"-", made_at=NOON, due_at=NOON, guide_version="-"
    )  # fmt: skip
    cases.seal(case=case.id, people=[vale.ref], by=ruiz, now=NOON)
    for subject in (f"Re: {case.reference}", f"Status of {case.reference}", f"Withdraw {case.reference}"):
        mailed(subject, sender="x@elsewhere.example")
        mailed(subject, to="status")
    proposed = cases.propose_let_in(case=case.id, person=third.ref, by=ruiz, now=NOON)
    made = cast.produced.handed()
    target = files.targets(case=case.id, by=ruiz, now=NOON)[0]
    return {
        "case": case.id, "reference": case.reference, "message": message.id, "mail": message.reference,
        "notice": Notice.objects.filter(matter=case.matter).first().pk, "production": made,
        "document": CaseDocument.objects.filter(case=case.id).first().pk if CaseDocument.objects.exists() else NOTHING,
        "entry": CaseEntry.objects.filter(case=case.id).first().pk, "target": target.id,
        "approval": proposed.id, "proposal": proposed.id, "owed": owed.pk, "gate": gate,
    }  # fmt: skip


NO_IDS = {
    "case": NOTHING, "reference": NO_REFERENCE, "message": NOTHING[1:] + "1", "mail": "ML-0000-0000",
    "notice": NOTHING[1:] + "2", "production": NOTHING[1:] + "3", "document": NOTHING[1:] + "4",
    "entry": NOTHING[1:] + "5", "target": NOTHING[1:] + "6", "approval": "0" * 20, "proposal": "0" * 20, "owed": NOTHING[1:] + "7",
    "gate": NOTHING[1:] + "8",
}  # fmt: skip


def before_anything_is_sealed(home) -> None:
    """Let the ordinary things be there that every page shows: an open case, mail in and out, a waiting message."""
    mailed("Subpoena 1", "Subpoena No. 1 for 292-555-0117")
    mailed("A question", "Who answers?", to="portal")


def differences(one: World, two: World) -> list[str]:
    """Return what differs, with the first lines of it."""
    assert set(one.answers) == set(two.answers)
    found = []
    for key in one.answers:
        (status, body), (other, instead) = one.answers[key], two.answers[key]
        if (status, body) != (other, instead):
            lines = difflib.unified_diff(
                body.decode().splitlines(), instead.decode().splitlines(), n=0, lineterm=""
            )
            found.append(f"{key}: {status} and {other}: {[line[:200] for line in lines][3:7]}")
    return found


@pytest.mark.broken_on_purpose("I9")  # no sender runs in this scene: what it wrote waits
def test_two_worlds_that_differ_in_one_sealed_case_answer_every_other_role_alike_to_the_byte():
    home = make.agency(domain="police.marrow.example.gov")
    before_anything_is_sealed(home)
    cast, browsers = cast_of(home), others(home)

    without = crawled(browsers, NO_IDS)
    sealed = sealed_case(cast)
    within = crawled(browsers, sealed)

    assert differences(without, within) == []
    assert len(within.answers) > 800


@pytest.mark.sabotage("control 8")
@pytest.mark.broken_on_purpose("I9")  # no sender runs in this scene: what it wrote waits
def test_a_case_that_is_not_sealed_would_be_noticed(monkeypatch):
    home = make.agency(domain="police.marrow.example.gov")
    before_anything_is_sealed(home)
    cast, browsers = cast_of(home), others(home)
    analyst = {role: browsers[role] for role in ("subpoena_analyst", "portal_administrator")}

    without = crawled(analyst, NO_IDS)
    monkeypatch.setattr("tecum.cases.operations.seal", lambda **said: None)
    open_to_all = sealed_case(cast)
    within = crawled(analyst, open_to_all)

    assert len(differences(without, within)) > 10
