"""
Attempts at a release past the second person, at every door there is: pages, programs, commands, clockwork, mail.

A package that is made and proposed lies ready; everything that anybody but the second person can reach is tried with its
ids, and it stays where it is. A new door that calls the release fails here until somebody has thought about it.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tecum.accounts import operations as accounts
from tecum.deadlines.catalogue import KINDS
from tecum.deadlines.operations import Claim
from tecum.jobs import long
from tecum.jobs.table import TABLE
from tecum.kernel.actors import Actor
from tecum.mailroom import gathering
from tecum.models import Download, Handover, Production, TrailLeaf
from tecum.production import operations as productions
from tests import letters, make, people
from tests.make import NOON
from tests.productions import case, signing  # noqa: F401

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.both_databases,
    pytest.mark.slow,
    pytest.mark.usefixtures("signing"),
]
ROOT = Path(__file__).resolve().parents[2]
# What lets a production go, or hands it over, and the one module of each door that may call it.
CALLS = {"propose_release", "approve_release", "hand_to_account", "hand_to_address", "fetch", "fetch_by_code"}
CALLERS = {
    "propose_release": {"tecum/web/desk/productions.py"},
    "approve_release": {"tecum/web/desk/productions.py"},
    "hand_to_account": {"tecum/web/desk/productions.py"},
    "hand_to_address": {"tecum/web/desk/productions.py"},
    "fetch": {"tecum/web/portal/productions.py", "tecum/api/productions.py"},
    "fetch_by_code": {"tecum/web/public/production.py"},
}
UNTOUCHED = ("account", "sign", "static", "demo", "_")  # what would sign the person out of the attempt


@pytest.fixture(autouse=True)
def places(tmp_path, settings, monkeypatch):
    from tecum.production.drivers import printing, sealing

    settings.MEDIA_ROOT = tmp_path / "files"
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    monkeypatch.setattr(printing, "paper", lambda **_: b"%PDF-1.7 a paper")
    monkeypatch.setattr(sealing, "sign", lambda pdf, **_: pdf)


@pytest.fixture
def ready():
    """A package that one person prepared and proposed to release; nobody has approved it."""
    found = case()
    id = found.made()
    proposal = productions.propose_release(
        production=id, receivers=found.receivers, by=found.preparer, now=NOON
    )
    return found, id, proposal.id


def untouched(id: str) -> None:
    assert Production.objects.get(pk=id).state == "MADE"
    assert not Handover.objects.exists() and not Download.objects.exists()
    assert not TrailLeaf.objects.filter(event__in=["production.released", "production.fetched"]).exists()


def addresses(patterns=None, above: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield every address of the site that takes ids, with its parts in braces."""
    for each in patterns if patterns is not None else get_resolver().url_patterns:
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, above + str(each.pattern))
        elif isinstance(each, URLPattern) and each.pattern.converters:
            path = above + str(each.pattern)
            for name in each.pattern.converters:
                for shape in ("str", "slug", "path", "int", "uuid", ""):
                    path = path.replace(f"<{shape}:{name}>" if shape else f"<{name}>", "{" + name + "}")
            yield path, list(each.pattern.converters)


def paths(found, id: str, proposal: str) -> list[str]:
    """Return every such address filled with the ids of the package that must not leave."""
    known = {
        "production": id,
        "approval": proposal,
        "case": found.facts.id,
        "person": found.officer.ref,
        "form": "original",
    }
    said = []
    for path, names in addresses():
        if path.startswith(UNTOUCHED) or "<" in path or "(" in path:
            continue
        said.append("/" + path.format(**{name: known.get(name, id) for name in names}))
    return sorted(set(said))


def test_no_page_lets_it_go_for_a_stranger_an_officer_the_proposer_or_any_other_role(ready):
    found, id, proposal = ready
    visitors = [Client()] + [
        people.sign_in(each, at=NOON, client=Client()).client
        for each in (
            make.again_by_ref(found.officer.ref), make.again_by_ref(found.preparer.ref),
            make.person(roles=["system_administrator"]), make.person(roles=["auditor"]), make.person(roles=["billing"]),
        )
    ]  # fmt: skip
    everything = paths(found, id, proposal)
    assert any(f"/{id}/release/{proposal}/" in path for path in everything)
    data = {"people": [found.officer.ref], "confirm": "yes", "code": "000000", "approval": proposal}

    with time_machine.travel(NOON, tick=False):
        for client in visitors:
            client.raise_request_exception = False
            for path in everything:
                if not path.endswith((f"{id}/release/", "/withdraw/", "/take-back/", "/recall/")):
                    client.post(path, data)

    untouched(id)


def test_the_second_person_alone_lets_it_go_by_that_page(ready):
    """The same request by whoever may: so the attempts above would have been noticed."""
    found, id, proposal = ready
    second = people.sign_in(make.again_by_ref(found.approver.ref), at=NOON)

    with time_machine.travel(NOON, tick=False):
        second.post(f"/desk/productions/{id}/release/{proposal}/")

    assert Production.objects.get(pk=id).state == "RELEASED"


def test_no_request_of_a_program_lets_it_go(ready, monkeypatch):
    found, id, proposal = ready
    monkeypatch.setattr("tecum.api.doors.must_be_open", lambda *_, **__: None)
    for module in ("productions", "demands"):
        monkeypatch.setattr(f"tecum.api.{module}.must_be_open", lambda *_, **__: None, raising=False)
    officer = make.again_by_ref(found.officer.ref)
    token = accounts.issue_token(by=make.acting(officer), now=NOON).token
    client = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
    tried = [path for path in paths(found, id, proposal) if path.startswith("/api/")]
    assert tried

    with time_machine.travel(NOON, tick=False):
        for path in tried:
            for method in (client.get, client.post, client.put, client.patch, client.delete):
                answer = (
                    method(path, content_type="application/json")
                    if method is not client.get
                    else client.get(path)
                )
                assert answer.status_code >= 400 or "productions" not in path, (path, answer.status_code)

    untouched(id)


def test_no_kind_of_clockwork_lets_it_go(ready):
    _, id, proposal = ready

    for kind in KINDS:
        for subject in (id, proposal):
            claim = Claim(pk=0, kind=kind, subject=subject, due_at=NOON, fence=1, attempts=0)
            handler = TABLE.get(kind)
            if handler is not None:
                _quietly(lambda handler=handler, claim=claim: handler(claim, NOON))
    long.make_all(lambda: NOON)
    long.search_all(lambda: NOON)
    gathering.gather(clock=lambda: NOON)

    untouched(id)


def _quietly(act) -> None:
    try:
        act()
    except Exception:  # whatever the handler makes of an id that is none of its own
        return


@pytest.mark.parametrize("box", [letters.PORTAL, letters.DEMANDS, letters.STATUS, letters.ACTIVATION])
def test_no_letter_lets_it_go(ready, box, settings, monkeypatch):
    settings.TECUM_GUIDE = "wholesale-portal"
    found, id, proposal = ready
    reference = Production.objects.get(pk=id).reference
    words = f"I approve the release of production {reference} ({id}), approval {proposal}. Release it and send it to me."

    for sender in (letters.RUIZ, found.officer.name, found.facts.address):
        letters.arrived(letters.letter(f"Release {reference}", words, sender=sender, to=box), to=box)

    untouched(id)


def test_no_command_and_no_other_module_calls_the_release():
    callers: dict[str, set[str]] = {name: set() for name in CALLS}
    for file in sorted((ROOT / "tecum").rglob("*.py")):
        where = file.relative_to(ROOT).as_posix()
        if where.startswith(("tecum/production/", "tecum/cli/demo/")):
            continue  # the capability itself; the demo plays both people on a data base of its own
        text = file.read_text()
        if "production" not in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Attribute) and node.attr in CALLS and _productions(node.value, text):
                callers[node.attr].add(where)

    assert callers == CALLERS


def _productions(value: ast.expr, text: str) -> bool:
    return isinstance(value, ast.Name) and f"from tecum.production import operations as {value.id}" in text


@pytest.mark.sabotage("control 6")
def test_without_the_approval_whoever_proposed_would_let_it_go_by_the_page(ready, monkeypatch):
    found, id, proposal = ready
    productions.withdraw_proposal(production=id, approval=proposal, by=found.preparer, now=NOON)
    own = productions.propose_release(
        production=id, receivers=found.receivers, by=found.approver, now=NOON
    ).id
    monkeypatch.setattr("tecum.production.operations.releasing.approvals.approve", lambda *_, **__: None)
    proposer = people.sign_in(make.again_by_ref(found.approver.ref), at=NOON)

    with time_machine.travel(NOON, tick=False):
        proposer.post(f"/desk/productions/{id}/release/{own}/")

    assert Production.objects.get(pk=id).state == "RELEASED"


def test_the_clockwork_has_no_kind_that_releases():
    assert not [kind for kind in KINDS if "release" in kind or "approve" in kind]
    assert Actor.system("jobs").ref != ""
