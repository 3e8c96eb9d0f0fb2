"""The desk's pages about messages received: the queue, one message, and saying what it is. Every look is recorded."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.inbox import operations as inbox
from tecum.inbox import queries
from tecum.inbox.facts import Part
from tecum.inbox.operations.people import Opened
from tecum.inbox.states import TITLES, MessageClass, State
from tecum.inbox.vocabulary import REASONS, SIGNS
from tecum.policy import queries as policy
from tecum.support import queries as support
from tecum.web import acts, lists
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, Happening, View

SHOWN = {
    "waiting": "Waiting for a person",
    "urgent": "Emergencies",
    "misdirected": "Misdirected",
    "quarantined": "Quarantined",
    "all": "All received",
}
EMPTY = {
    "waiting": (
        "Nothing waits for you.",
        "A message waits here when no rule can say what it is, or a civil party wrote.",
    ),
    "urgent": (
        "No message speaks of an emergency.",
        "One that does is read before all others and stands here.",
    ),
}
DOORS = {
    "lmtp": "by mail",
    "smtp": "by mail",
    "imap": "from a mailbox read by IMAP",
    "file": "from a file",
    "page": "on the page",
}
PICTURE = "image/png"
VERBS = {"person": "decided", "by_hand": "worked on it by hand"}


class MessageFilter(forms.Form):
    """Narrows the messages; the address is the filter."""

    reference = forms.CharField(
        label="Reference",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "ML-"}),
    )
    klass = forms.ChoiceField(
        label="Class",
        required=False,
        choices=[("", "Any"), *((each.value, TITLES[each]) for each in MessageClass)],
    )
    mailbox = forms.ChoiceField(label="Came to", required=False)
    view = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, mailboxes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["mailbox"].choices = [("", "Any"), *mailboxes]  # type: ignore[attr-defined]


class Decision(forms.Form):
    """What a message is, and why."""

    to = forms.ChoiceField(label="What it is", choices=[(each.value, TITLES[each]) for each in MessageClass])
    belongs_to = forms.ChoiceField(
        label="Where it belongs", required=False, help_text="Only for a misdirected message."
    )
    of = forms.CharField(
        label="The message it repeats",
        required=False,
        max_length=20,
        help_text="Only for a duplicate: its reference.",
    )
    reason = forms.CharField(
        label="Why",
        max_length=2000,
        help_text="It is kept with the message, sealed.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, mailboxes: Sequence[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["belongs_to"].choices = [("", "Where it is"), *mailboxes]  # type: ignore[attr-defined]


class ByHand(forms.Form):
    """What was done about a message."""

    reason = forms.CharField(
        label="What was done",
        max_length=2000,
        help_text="It is kept with the message, sealed.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@opens(read="mail.read")
def queue(request: Asked) -> HttpResponse:
    """List messages received, most pressing first."""
    boxes = _mailboxes(request)
    filter = MessageFilter(request.GET, mailboxes=boxes, auto_id="filter_%s")
    wanted = (
        {name: value for name, value in filter.cleaned_data.items() if name != "view"}
        if filter.is_valid()
        else {}
    )
    default = "all" if any(wanted.values()) else "waiting"
    view = request.GET.get("view") or default
    view = view if view in SHOWN else default
    number = request.GET.get("page", "1")
    listed = inbox.list_messages(
        view=view, page=int(number) if number.isdigit() else 1, by=request.actor, now=request.now, **wanted
    )
    waiting, late = queries.waiting(by=request.actor, now=request.now)
    here = reverse("desk:mailroom")
    counts = {"waiting": waiting, "urgent": None, "all": queries.count(by=request.actor)}
    context = {
        "title": "Messages in",
        "filter": filter,
        "page": lists.page_of(lists.Found(listed.lines, listed.found), request),
        "waiting": waiting,
        "late": late,
        "unread": queries.unread(by=request.actor),
        "boxes": dict(boxes),
        "empty": EMPTY.get(view, ("No message here.", "Messages come in by mail and stand here at once.")),
        "views": [
            View(words, f"{here}?view={name}", counts.get(name), name == view)
            for name, words in SHOWN.items()
        ],
        "reasons": REASONS,
        "titles": TITLES,
        "may_send": may(request.actor, "notice.read"),
        "may_support": may(request.actor, "support.read"),
    }
    return render(request, "desk/mailroom.html", context)


@opens(read="mail.read")
def case(request: Asked, message: str) -> HttpResponse:
    """Show one message: what it says, what is known of it, what was decided."""
    opened = inbox.open_message(message=message, by=request.actor, now=request.now)
    found = opened.message
    boxes = dict(_mailboxes(request))
    names = people.names({each.by for each in opened.decisions})
    facts = opened.content.facts if opened.content else None
    context = {
        "title": found.reference,
        "crumbs": [Crumb("Messages in", reverse("desk:mailroom")), Crumb(found.reference, mono=True)],
        "message": found,
        "opened": opened,
        "facts": facts,
        "known": opened.content.authentication if opened.content else None,
        "files": [_file(part, opened) for part in facts.attachments] if facts else [],
        "signs": [SIGNS[sign] for sign in facts.signs if sign in SIGNS] if facts else [],
        "came_to": boxes.get(found.mailbox, "an address that is not published"),
        "belongs": boxes.get(found.belongs_to, ""),
        "door": DOORS.get(found.door, found.door),
        "klass": TITLES[found.klass] if found.klass else "",
        "meant": TITLES[found.meant] if found.meant else "",
        "proposed": TITLES[found.proposed] if found.proposed else "",
        "why": REASONS.get(found.reason, ""),
        "thread": support.of_message(found.id) if may(request.actor, "support.read") else "",
        "original": queries.message(found.duplicate_of, by=request.actor) if found.duplicate_of else None,
        "happened": _happened(opened, names),
        "may_decide": may(request.actor, "mail.classify") and found.state is not State.RECEIVED,
    }
    return render(request, "desk/message.html", context)


@opens(read="mail.read")
def part(request: Asked, message: str, part: str, form: str) -> HttpResponse:
    """Hand a part out: its harmless copy (a picture is shown in the page), or as it came, never opened here."""
    kind, content = inbox.take_part(
        message=message, part=part, original=form == "original", by=request.actor, now=request.now
    )
    shown = form == "copy" and kind == PICTURE
    answer = HttpResponse(content, content_type=kind if form == "copy" else "application/octet-stream")
    ending = {"application/pdf": ".pdf", PICTURE: ".png"}.get(kind, ".eml" if part == "0" else ".bin")
    name = f"part-{part.replace(':', '-')}{ending}"
    answer["Content-Disposition"] = f'{"inline" if shown else "attachment"}; filename="{name}"'
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cache-Control"] = "no-store"
    return answer


@opens(read="mail.classify", write="mail.classify")
def decide(request: Asked, message: str) -> HttpResponse:
    """Say what a message is, where the rules could not or erred."""
    found = queries.message(message, by=request.actor)
    boxes = _mailboxes(request)
    back = reverse("desk:message", args=[message])

    def do(given: dict[str, Any]) -> str:
        inbox.reclassify(
            message=message, by=request.actor, now=request.now, **{**given, "to": MessageClass(given["to"])}
        )
        return back

    asked = request.GET.get("to", "")
    first = asked if asked in set(MessageClass) else found.klass or found.proposed or ""
    served = [(each.id, each.address) for each in policy.at(request.now).mailboxes if not each.no_reply]
    is_now = TITLES[found.klass] if found.klass else "Waits for a person"
    page = Page(
        title="What this message is",
        heading=f"What is {found.reference}?",
        rows=[
            Row("What the rules say", f"{is_now}. {REASONS.get(found.reason, '')}"),
            Row("Came to", dict(boxes).get(found.mailbox, "An address that is not published")),
            Row(
                "What will happen",
                points=[
                    "It is handed on anew, to what its class means; it keeps the time at which it arrived.",
                    "A misdirected message is answered with the right address, and worked on there.",
                    "A civil party is not answered; nobody hears that the message was read.",
                ],
            ),
        ],
        button="Decide so",
        back=back,
        keep="Leave it as it is",
        crumbs=[
            Crumb("Messages in", reverse("desk:mailroom")),
            Crumb(found.reference, back, mono=True),
            Crumb("Decide"),
        ],
    )
    form = Decision(request.POST or None, mailboxes=served, initial={"to": first})
    return acts.run(request, form=form, page=page, do=do, done=f"{found.reference} is decided.")


@opens(read="mail.classify", write="mail.classify")
def done_by_hand(request: Asked, message: str) -> HttpResponse:
    """Say that a message was worked on elsewhere, where nothing here does it."""
    found = queries.message(message, by=request.actor)
    back = reverse("desk:message", args=[message])

    def do(given: dict[str, Any]) -> str:
        inbox.done_by_hand(message=message, reason=given["reason"], by=request.actor, now=request.now)
        return back

    page = Page(
        title="Worked on by hand",
        heading=f"What was done about {found.reference}?",
        lead="It no longer waits for a person then. Nobody is written to.",
        button="It is done",
        back=back,
        keep="Leave it waiting",
        crumbs=[
            Crumb("Messages in", reverse("desk:mailroom")),
            Crumb(found.reference, back, mono=True),
            Crumb("Worked on by hand"),
        ],
    )
    form = ByHand(request.POST or None)
    return acts.run(request, form=form, page=page, do=do, done=f"{found.reference} is done.")


def _mailboxes(request: Asked) -> list[tuple[str, str]]:
    return [(box.id, box.address) for box in policy.at(request.now).mailboxes]


def _file(part: Part, opened: Opened) -> dict[str, Any]:
    return {
        "part": part,
        "copy": opened.copies.get(part.number, ""),
        "signs": [SIGNS[sign] for sign in part.signs if sign in SIGNS],
    }


def _happened(opened: Opened, names: dict[str, str]) -> list[Happening]:
    arrived = Happening(
        opened.message.arrived_at, f"brought it in {DOORS.get(opened.message.door, opened.message.door)}.",
        "The mailroom", document=True,
    )  # fmt: skip
    decided = [
        Happening(
            each.at,
            f"{VERBS.get(each.reason, 'read it')}: {TITLES[each.klass] if each.klass else 'waits for a person'}."
            f" {each.words or REASONS.get(each.reason, '')}",
            names.get(each.by, "The mailroom"),
        )
        for each in opened.decisions
    ]
    return [*reversed(decided), arrived]
