"""
How many clicks lie between an emergency's page and a verified decision: counted over every way in which one comes.

A walker opens only links that stand on the page, sends only forms that stand there, and counts what a person presses: each
link, each button, each choice that is not made already. What is typed is counted by field.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from lxml import html

from tecum.exigent import operations as exigent
from tecum.kernel.actors import Actor
from tecum.models import ExigentDecision, ExigentRequest
from tests import emergencies, letters, make
from tests.emergencies import CERTIFIED, SAID
from tests.make import NOON
from tests.orders import bill, carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.surface.test_every_address_is_open_to_whom_it_says import session_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow, pytest.mark.usefixtures("bill")]
HEARD = {
    "Who answered": "Sergeant Cole", "Badge or employee number": "4471", "Supervisor who stands by it": "Lieutenant Brandt",
    "What you asked that only the agency knows, and the answer": "the number of the dispatch",
    "The emergency in their words": "a girl was taken from school",
}  # fmt: skip
DESIGNATED = {"Who designated the official, as the agency says": "the county's list"}
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Walker:
    """Somebody at the pages, who counts."""

    client: Client
    clicks: int = 0
    typed: int = 0
    page: html.HtmlElement = field(default_factory=lambda: html.fromstring("<p>nothing</p>"))

    def open(self, address: str) -> "Walker":
        """Open a page without a click: counting begins here."""
        return self._at(self.client.get(address, follow=True))

    def follow(self, words: str) -> "Walker":
        found = [each for each in self.page.iter("a") if " ".join(each.text_content().split()) == words]
        assert found, f"no link '{words}'"
        self.clicks += 1
        return self._at(self.client.get(found[0].get("href"), follow=True))

    def press(
        self, words: str, *choices: str, typed: dict[str, str] | None = None, paper: bool = False
    ) -> "Walker":
        """Fill the form that has this button, choosing and typing by label, and press it."""
        button = next(
            each for each in self.page.iter("button") if " ".join(each.text_content().split()) == words
        )
        form = next(each for each in button.iterancestors("form"))
        given = self._as_it_stands(form)
        for label in choices:
            self._choose(form, label, given)
        for label, text in (typed or {}).items():
            control = self._labelled(form, label)
            given[control.get("name")] = [text]
            self.typed += 1
        if paper:
            given["papers"] = [SimpleUploadedFile("signed.pdf", letters.a_pdf("signed"), "application/pdf")]
            self.clicks += 1
        self.clicks += 1
        send = self.client.get if form.get("method") == "get" else self.client.post
        return self._at(send(form.get("action") or self.here, given, follow=True))

    def _choose(self, form, label: str, given: dict) -> None:
        control = self._labelled(form, label)
        name = control.get("name")
        if control.tag == "option":
            name, control = control.getparent().get("name"), control
        before = given.get(name, [])
        if control.get("value") in before:
            return
        given[name] = (
            [*before, control.get("value")] if control.get("type") == "checkbox" else [control.get("value")]
        )
        self.clicks += 1

    def _labelled(self, form, label: str):
        for each in form.iter("label", "option"):
            said = " ".join(each.text_content().replace("(optional)", "").split())
            if said == label or (each.get("for") and said.startswith(label)):
                return each if each.tag == "option" else form.get_element_by_id(each.get("for"))
        known = [" ".join(each.text_content().split()) for each in form.iter("label")]
        raise AssertionError(f"nothing is labelled '{label}': {known}")

    def _as_it_stands(self, form) -> dict[str, list]:
        given: dict[str, list] = {}
        for each in form.iter("input", "textarea", "select"):
            kind, name = each.get("type"), each.get("name")
            if not name or kind == "file" or (kind in {"radio", "checkbox"} and each.get("checked") is None):
                continue
            if each.tag == "select":
                chosen = [one for one in each.iter("option") if one.get("selected") is not None] or list(
                    each.iter("option")
                )[:1]
                given[name] = [one.get("value") for one in chosen]
            else:
                given.setdefault(name, []).append(each.get("value") or each.text or "")
        return given

    def _at(self, answer) -> "Walker":
        self.page = html.fromstring(answer.content)
        assert answer.status_code == 200, [
            " ".join(each.text_content().split()) for each in self.page.find_class("usa-error-message")
        ]
        self.here = answer.redirect_chain[-1][0] if answer.redirect_chain else answer.request["PATH_INFO"]
        wrong = [" ".join(each.text_content().split()) for each in self.page.find_class("usa-alert--error")]
        assert not wrong, wrong
        return self


def agency() -> None:
    home = make.agency("Marrow County 911", domain="marrow.example.gov", now=NOON - emergencies.WEEK)
    emergencies.with_number(home)


def by_web(said) -> None:
    path = "surveillance" if said.types else "disclosure"
    exigent.ask(said=said, pathway=path, by=Actor.stranger(), now=NOON)


def by_mail(said) -> None:
    to = "courtorders@wireless.example"
    wants = "Install a pen register on" if said.types else "We need the subscriber of"
    text = f"Marrow County\nExigent circumstances: immediate danger of death or serious physical injury. {wants} (292) 555-0142 now. Call me at 492-555-0177."
    letters.arrived(
        letters.letter("EXIGENT: kidnapped child", text, sender="Cole <cole@marrow.example.gov>", to=to),
        to=to,
        now=NOON,
    )


def by_hand(caller: Walker, said, channel: str) -> None:
    """Let the caller type it in; that is counted too."""
    kinds = (
        ("Emergency surveillance", "Pen register", "Trap and trace")
        if said.types
        else ("Emergency disclosure",)
    )
    who = (
        "A public safety answering point (911 centre)"
        if said.requester == "psap"
        else "A law-enforcement agency"
    )
    typed = {
        "Target numbers, one on a line": "2925550142",
        "What happened": said.circumstances,
        "Name": said.name,
        "Agency": said.agency,
    }
    if said.types:
        typed["Specially designated by"] = said.designation
    caller.open(reverse("exigent:board")).follow("Type a request in")
    channels = {"fax": "Fax", "telephone": "On the telephone, typed during the call"}
    caller.press(
        "Open the emergency", channels[channel], who, *kinds, "immediate danger of death or serious physical injury", typed=typed,
        paper=channel == "fax",
    )  # fmt: skip


# What was counted: clicks of whoever calls back and proposes, and of whoever approves, by how it came, what it asks, and
# whether a partner's people took it over first.
CLICKS = {
    ("web", "disclosure", False): (6, 2),
    ("mail", "disclosure", False): (7, 2),
    ("telephone", "disclosure", False): (16, 2),
    ("fax", "disclosure", False): (12, 2),
    ("web", "surveillance", False): (12, 2),
    ("mail", "surveillance", False): (15, 2),
    ("telephone", "surveillance", False): (18, 2),
    ("fax", "surveillance", False): (18, 2),
    ("web", "surveillance", True): (14, 2),
}
VARIANTS = list(CLICKS)


def counted(how: str, what: str, *, partner: bool = False) -> tuple[Walker, Walker]:
    said = replace(CERTIFIED, agency="Marrow County 911") if what == "surveillance" else SAID
    agency()
    caller, approver = (
        Walker(session_of(make.person(name, roles=["on_call_administrator"])))
        for name in ("Ada Lindqvist", "Bo Farrow")
    )
    if how in {"web", "mail"}:
        by_web(said) if how == "web" else by_mail(said)
        row = ExigentRequest.objects.get()
        caller.open(reverse("exigent:request", args=[row.case_id]))
    else:
        by_hand(caller, said, how)
    row = ExigentRequest.objects.get()
    to_a_proposal(caller, row, how, what, partner=partner)
    approver.open(reverse("exigent:request", args=[row.case_id])).follow(
        "Look at what was proposed, and approve it"
    )
    if what == "surveillance":
        approver.press("Approve and affirm", typed={"Your own name": "Bo Farrow"})
    else:
        approver.press("Approve exactly this")
    assert ExigentDecision.objects.get().state == "DONE"
    return caller, approver


def to_a_proposal(caller: Walker, row: ExigentRequest, how: str, what: str, *, partner: bool) -> None:
    if partner:
        caller.follow("It is a partner's: hand it over")
        caller.press(
            "It was taken over",
            typed={"Who took it over there, by name": "R. Vane", "Number you called": "7025550110"},
        )
    row.case.refresh_from_db()
    if how == "mail" and what == "surveillance":  # a person reads what the letter says of the official
        caller.follow("Write down what it says")
        caller.press("Write it down", typed={"Specially designated by": CERTIFIED.designation})
    if not row.case.agency:
        caller.follow("Find the agency in the directory")
        if how == "mail":  # a letter's words are not read for the name of an agency
            caller.press("Search", typed={"Name or mail domain": "Marrow"})
        caller.press("It is this agency")
    caller.press("Write the call down", typed=HEARD | (DESIGNATED if what == "surveillance" else {}))
    row.refresh_from_db()
    if row.written_at is None:
        if how == "fax":
            caller.follow("The written request is in")
        else:
            caller.follow("Add a paper").press("Add it", paper=True)
        caller.press("This is the written request", "signed.pdf", "I looked at it: it is signed")
    if what == "surveillance":
        caller.follow("Propose the surveillance").press("Propose exactly this", "Training switch 1")
    else:
        caller.follow("Propose a disclosure").press("Propose exactly this", "Basic subscriber information")


@pytest.mark.parametrize(("how", "what", "partner"), VARIANTS)
def test_few_clicks_lie_between_the_page_of_an_emergency_and_a_verified_decision(how, what, partner):
    with time_machine.travel(NOON, tick=False):
        caller, approver = counted(how, what, partner=partner)

    print(
        f"clicks {what} {how} partner={partner}: {caller.clicks} and {caller.typed} fields, {approver.clicks} and {approver.typed}"
    )
    assert (caller.clicks, approver.clicks) == CLICKS[how, what, partner]


def test_the_medians_are_those_of_the_page_of_measurements():
    callers, approvers = zip(*CLICKS.values(), strict=True)
    said = (ROOT / "docs" / "reference" / "measurements.md").read_text()

    assert (
        f"median of {median(callers):g} clicks of whoever calls, {median(approvers):g} of whoever approves"
        in said
    )
