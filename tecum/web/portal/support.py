"""An officer's own support requests: which there are, what was answered, and, where the guide opens the door, a new one."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.support import operations as support
from tecum.support import queries
from tecum.support.rules import LONGEST
from tecum.support.states import EntryKind
from tecum.web import acts
from tecum.web.acts import Page
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

HEADS = {
    EntryKind.RECEIVED: "wrote",
    EntryKind.ANSWER: "answered",
    EntryKind.CLOSED: "closed it",
    EntryKind.REOPENED: "opened it again",
}
ADVICE = "Please name no target numbers: nothing about a number is told here."


class More(forms.Form):
    """Something further."""

    text = forms.CharField(
        label="What you want to add",
        max_length=LONGEST,
        help_text=ADVICE,
        widget=forms.Textarea(attrs={"rows": 5}),
    )


class Request(forms.Form):
    """A new request."""

    subject = forms.CharField(label="What it is about", max_length=200)
    text = forms.CharField(
        label="What you need", max_length=LONGEST, help_text=ADVICE, widget=forms.Textarea(attrs={"rows": 8})
    )


@opens(read="support.ask")
@never_cache
def threads(request: Asked) -> HttpResponse:
    """List one's own requests."""
    context = {
        "title": "Support",
        "rows": page_of(queries.own(by=request.actor, now=request.now), request),
        **_door(request),
    }
    return render(request, "portal/support.html", context)


@opens(read="support.ask", write="support.ask")
@never_cache
def thread(request: Asked, thread: str) -> HttpResponse:
    """Show one of one's own requests, and take what is added to it."""
    view = queries.own_thread(thread, by=request.actor, now=request.now)
    form = More(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            support.write_again(
                thread=thread, text=form.cleaned_data["text"], by=request.actor, now=request.now
            )
        except NotYours:
            raise
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            form.add_error("text", str(refusal))
        else:
            messages.success(request, "It is added. A person of ours answers.")
            return redirect("portal:support_thread", thread)
    context = {
        "title": view.line.reference,
        "crumbs": [Crumb("Support", reverse("portal:support")), Crumb(view.line.reference, mono=True)],
        "thread": view.line,
        "entries": view.entries,
        "heads": HEADS,
        "form": form,
        **_door(request),
    }
    return render(request, "portal/thread.html", context, status=422 if form.errors else 200)


@opens(read="support.ask", write="support.ask")
@never_cache
def ask(request: Asked) -> HttpResponse:
    """Ask something, where the guide lets people do that here (A17)."""
    door = _door(request)
    if not door["open"]:
        raise support.DoorClosed(f"Requests are made by mail, to {door['box'].address}.")

    def do(given: dict[str, Any]) -> str:
        made = support.ask(subject=given["subject"], text=given["text"], by=request.actor, now=request.now)
        return reverse("portal:support_thread", args=[made])

    page = Page(
        title="Ask for support",
        lead="About the portal only. A person of ours answers, here and by mail.",
        button="Send the request",
        back=reverse("portal:support"),
        keep="Leave without asking",
        crumbs=[Crumb("Support", reverse("portal:support")), Crumb("Ask")],
    )
    return acts.run(
        request,
        form=Request(request.POST or None),
        page=page,
        do=do,
        done="Your request is sent. It waits for our answer.",
    )


def _door(request: Asked) -> dict[str, Any]:
    guide = policy.at(request.now)
    box = guide.mailbox(guide.lookup.mailbox or "portal")
    return {
        "open": queries.door_open(now=request.now),
        "box": box,
        "subject": box.subject_lines.get("support", ""),
    }
