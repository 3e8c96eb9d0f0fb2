"""The desk's pages about support: who waits, one request with all that was said, answers ready from the guide, calls."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.policy import queries as policy
from tecum.support import operations as support
from tecum.support import queries
from tecum.support.queries import EntryView, ThreadView
from tecum.support.rules import LONGEST
from tecum.support.states import CHANNELS, TITLES, EntryKind, ThreadChannel, ThreadState, Topic
from tecum.web import acts, lists
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.lists import Found
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

SHOWN = {"waiting": "Wait for an answer", "answered": "Answered", "closed": "Closed", "all": "All"}
HEADS = {
    EntryKind.RECEIVED: "wrote",
    EntryKind.ANSWER: "answered",
    EntryKind.NOTE: "noted, for the house only",
    EntryKind.CALL: "read this to the caller",
    EntryKind.ASSIGNED: "gave it to",
    EntryKind.CLOSED: "closed it",
    EntryKind.REOPENED: "opened it again",
}


class ThreadFilter(forms.Form):
    """Narrows the requests; the address is the filter."""

    reference = forms.CharField(
        label="Reference",
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "SU-"}),
    )
    channel = forms.ChoiceField(
        label="Came",
        required=False,
        choices=[("", "Any way"), *((each.value, CHANNELS[each]) for each in ThreadChannel)],
    )
    mine = forms.ChoiceField(label="Worked on by", required=False, choices=[("", "Anybody"), ("me", "Me")])
    view = forms.CharField(required=False, widget=forms.HiddenInput)


class Answer(forms.Form):
    """A person's answer."""

    text = forms.CharField(
        label="Answer",
        max_length=LONGEST,
        help_text="No telephone numbers and no names of customers: nothing that the portal shows is told by mail.",
        widget=forms.Textarea(attrs={"rows": 12, "class": "letter"}),
    )


class Note(forms.Form):
    """What stays in the house."""

    text = forms.CharField(
        label="Note",
        max_length=LONGEST,
        help_text="Only staff see it; it is kept sealed with the request.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class Given(forms.Form):
    """Who works on a request."""

    to = forms.ChoiceField(label="Who works on it", required=False)

    def __init__(self, *args: Any, staff: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["to"].choices = [("", "Nobody yet"), *staff]  # type: ignore[attr-defined]


class Call(forms.Form):
    """A call about a number without result. Which number it was about is not asked."""

    caller = forms.CharField(label="Who called", max_length=120, help_text="Name and agency, as given.")
    number = forms.CharField(label="Telephone number of the caller", max_length=40)
    called_at = forms.DateTimeField(
        label="When",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="To the minute.",
    )


@opens(read="support.read")
def queue(request: Asked) -> HttpResponse:
    """List the requests that wait, what is due first."""
    filter = ThreadFilter(request.GET, auto_id="filter_%s")
    wanted = (
        {key: value for key, value in filter.cleaned_data.items() if key != "view"}
        if filter.is_valid()
        else {}
    )
    default = "all" if any(wanted.values()) else "waiting"
    view = request.GET.get("view") or default
    view = view if view in SHOWN else default
    number = request.GET.get("page", "1")
    seen = support.see_list(
        view=view,
        page=int(number) if number.isdigit() else 1,
        by=request.actor,
        now=request.now,
        **{**wanted, "mine": bool(wanted.get("mine"))},
    )
    counts = queries.counts(by=request.actor, now=request.now)
    here = reverse("desk:support")
    context = {
        "title": "Support",
        "filter": filter,
        "page": lists.page_of(Found(seen.lines, seen.found), request),
        "counts": counts,
        "names": queries.names(seen.lines),
        "states": TITLES,
        "channels": CHANNELS,
        "may_answer": may(request.actor, "support.answer"),
        "views": [
            View(words, f"{here}?view={name}", counts[name], name == view) for name, words in SHOWN.items()
        ],
    }
    return render(request, "desk/support.html", context)


@opens(read="support.read")
def case(request: Asked, thread: str) -> HttpResponse:
    """Show one request: all that was said, and what can be done."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)
    line = view.line
    names = people.names(
        {each.by for each in view.entries}
        | {line.assigned_to}
        | {each.text for each in view.entries if each.kind is EntryKind.ASSIGNED}
    )
    context = {
        "title": line.reference,
        "crumbs": [Crumb("Support", reverse("desk:support")), Crumb(line.reference, mono=True)],
        "thread": line,
        "number": view.number,
        "entries": [_entry(each, names, view) for each in view.entries],
        "state": TITLES[line.state],
        "channel": CHANNELS[line.channel],
        "about_no_result": line.topic is Topic.NON_RESULT,
        "assigned": names.get(line.assigned_to, ""),
        "mine": line.assigned_to == request.actor.ref,
        "person_name": people.names({f"person:{line.person}"}).get(f"person:{line.person}", "")
        if line.person
        else "",
        "canned": _canned(request, view),
        "may_answer": may(request.actor, "support.answer") and line.channel is not ThreadChannel.CALL,
        "may_read_mail": may(request.actor, "mail.read"),
        "closed": line.state is ThreadState.CLOSED,
    }
    return render(request, "desk/thread.html", context)


@opens(read="support.answer", write="support.answer")
def answer(request: Asked, thread: str) -> HttpResponse:
    """Write an answer, from nothing or from a text of the guide."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)
    ready = {each.id: each for each in _canned(request, view)}
    chosen = ready.get(request.GET.get("text", ""))

    def do(given: dict[str, Any]) -> str:
        support.answer(thread=thread, text=given["text"], by=request.actor, now=request.now)
        return _address(thread)

    page = _page(
        view, "Answer", "Send the answer", heading=f"Answer {view.line.reference}",
        rows=[
            Row("To", view.line.address or "Nobody: there is no address"),
            Row("What was asked", verbatim=_last_words(view)),
            Row("What happens", points=["The answer is sent in the thread of the request.", "It waits for nobody until they write again."]),
        ],
    )  # fmt: skip
    form = Answer(request.POST or None, initial={"text": chosen.text if chosen else ""})
    return acts.run(request, form=form, page=page, do=do, done="The answer is on its way.")


@opens(read="support.answer", write="support.answer")
def answer_screen(request: Asked, thread: str) -> HttpResponse:
    """Answer with the text of the screen, and nothing else (R-038)."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        support.answer(thread=thread, text="", screen=True, by=request.actor, now=request.now)
        return _address(thread)

    page = _page(
        view, "Answer with the text of the screen", "Send this text", heading=f"Answer {view.line.reference} with the text of the screen?",
        rows=[
            Row("To", view.line.address or "Nobody: there is no address"),
            Row("What is sent", verbatim=queries.screen_text(now=request.now)),
            Row("Why", "Everybody who asks about a number without result hears the same; nothing is looked up for them (R-038)."),
        ],
    )  # fmt: skip
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="The text of the screen is on its way.",
    )


@opens(read="support.answer", write="support.answer")
def note(request: Asked, thread: str) -> HttpResponse:
    """Keep a note that only staff see."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        support.note(thread=thread, text=given["text"], by=request.actor, now=request.now)
        return _address(thread)

    page = _page(view, "Note", "Keep the note", heading=f"A note in {view.line.reference}")
    return acts.run(request, form=Note(request.POST or None), page=page, do=do, done="The note is kept.")


@opens(read="support.answer", write="support.answer")
def assign(request: Asked, thread: str) -> HttpResponse:
    """Give a request to somebody."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        support.assign(thread=thread, to=given["to"], by=request.actor, now=request.now)
        return _address(thread)

    page = _page(view, "Who works on it", "Give it", heading=f"Who works on {view.line.reference}?")
    first = request.actor.ref if not view.line.assigned_to else view.line.assigned_to
    form = Given(acts.posted(request), staff=queries.staff(), initial={"to": first})
    return acts.run(request, form=form, page=page, do=do, done="It is given.")


@opens(read="support.answer", write="support.answer")
def close(request: Asked, thread: str) -> HttpResponse:
    """End a request, or open it again."""
    view = support.open_thread(thread=thread, by=request.actor, now=request.now)
    closed = view.line.state is ThreadState.CLOSED

    def do(_: dict[str, Any]) -> str:
        act = support.reopen if closed else support.close
        act(thread=thread, by=request.actor, now=request.now)
        return _address(thread)

    if closed:
        page = _page(
            view, "Open again", "Open it again", heading=f"Open {view.line.reference} again?",
            rows=[Row("What happens", "It waits for an answer. Nobody is written to.")],
        )  # fmt: skip
    else:
        page = _page(
            view, "Close", "Close it", heading=f"Close {view.line.reference}?",
            rows=[Row("What happens", points=["Nobody is written to.", "A further message of theirs opens it again by itself."])],
        )  # fmt: skip
    done = "It is open again." if closed else "It is closed."
    return acts.run(request, form=Nothing(acts.posted(request)), page=page, do=do, done=done)


@opens(read="support.answer", write="support.answer")
def call(request: Asked) -> HttpResponse:
    """Log a call about a number without result: the text to read stands above the form (R-038)."""
    zone = policy.at(request.now).carrier.zone.tz

    def do(given: dict[str, Any]) -> str:
        at = given["called_at"].replace(tzinfo=zone)
        made = support.log_call(
            caller=given["caller"], number=given["number"], called_at=at, by=request.actor, now=request.now
        )
        return _address(made)

    page = Page(
        title="A call about a number without result",
        button="Log the call",
        back=reverse("desk:support"),
        crumbs=[Crumb("Support", reverse("desk:support")), Crumb("Log a call")],
        rows=[
            Row("Read this, and nothing else", verbatim=queries.screen_text(now=request.now)),
            Row("What is not done", points=[
                "Which number it is about is not asked and not written down.",
                "Nothing is looked up for a caller, and nobody is told why a number has no result.",
            ]),
        ],
    )  # fmt: skip
    form = Call(
        request.POST or None, initial={"called_at": request.now.astimezone(zone).replace(tzinfo=None)}
    )
    return acts.run(request, form=form, page=page, do=do, done="The call is logged.")


def _page(
    view: ThreadView, title: str, button: str, *, heading: str, rows: "list[Row] | None" = None
) -> Page:
    back = _address(view.line.id)
    crumbs = [
        Crumb("Support", reverse("desk:support")),
        Crumb(view.line.reference, back, mono=True),
        Crumb(title),
    ]
    return Page(
        title=title,
        heading=heading,
        button=button,
        back=back,
        crumbs=crumbs,
        rows=rows or [],
        keep="Leave it as it is",
    )


def _address(thread: str) -> str:
    return reverse("desk:support_thread", args=[thread])


def _canned(request: Asked, view: ThreadView) -> list[queries.Canned]:
    return queries.canned(policy.at(request.now), name=view.line.name, reference=view.line.reference)


def _last_words(view: ThreadView) -> str:
    said = [each.text for each in view.entries if each.kind is EntryKind.RECEIVED]
    return said[-1] if said else ""


def _entry(entry: EntryView, names: dict[str, str], view: ThreadView) -> dict[str, Any]:
    asked = entry.kind is EntryKind.RECEIVED
    given = entry.kind is EntryKind.ASSIGNED
    return {
        "entry": entry,
        "who": (view.line.name or view.line.address or "Somebody")
        if asked
        else names.get(entry.by, entry.by),
        "does": _given(entry, names) if given else HEADS[entry.kind],
        "text": "" if given else entry.text,
        "house": entry.kind is EntryKind.NOTE,
        "unproven": asked and not entry.proven,
    }


def _given(entry: EntryView, names: dict[str, str]) -> str:
    if entry.text == entry.by:
        return "took it"
    return f"gave it to {names.get(entry.text, entry.text)}" if entry.text else "gave it back"
