"""The desk's pages about messages out: what was sent, what came of it, and sending again."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.notices import operations as notices
from tecum.notices import queries
from tecum.notices.queries import NoticeView
from tecum.notices.states import OVER, UNDELIVERED, NoticeState
from tecum.web import acts, lists
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

SHOWN = {
    "undelivered": ("Not delivered", sorted(UNDELIVERED)),
    "waiting": ("On their way", sorted(set(NoticeState) - OVER)),
    "all": ("All", []),
}


class MessageFilter(forms.Form):
    """Narrows the messages; the address is the filter."""

    find = forms.CharField(
        label="Address or subject", required=False, widget=forms.TextInput(attrs={"type": "search"})
    )


class Again(forms.Form):
    """Where a message is sent once more."""

    to = forms.CharField(label="To", max_length=254, help_text="The address it went to, or the right one.")


@opens(read="notice.read")
def queue(request: Asked) -> HttpResponse:
    """List messages out, newest first."""
    by, now = request.actor, request.now
    filter = MessageFilter(request.GET, auto_id="filter_%s")
    find = filter.cleaned_data["find"] if filter.is_valid() else ""
    show = request.GET.get("show", "undelivered")
    _, states = SHOWN.get(show, SHOWN["undelivered"])
    box = queries.outbox(by=by, now=now)
    counts = {"undelivered": box.undelivered, "waiting": box.waiting}
    here = reverse("desk:outbox")
    context = {
        "title": "Messages out",
        "filter": filter,
        "page": lists.page_of(queries.listed(by=by, now=now, states=states, find=find), request),
        "may_read_mail": may(request.actor, "mail.read"),
        "may_support": may(request.actor, "support.read"),
        "views": [
            View(label, f"{here}?show={name}", counts.get(name), name == show)
            for name, (label, _) in SHOWN.items()
        ],
        "box": box,
    }
    return render(request, "desk/outbox.html", context)


@opens(read="notice.read")
def case(request: Asked, notice: str) -> HttpResponse:
    """Show one message with its text and everything that mail systems said of it."""
    view = queries.one(notice, by=request.actor, now=request.now)
    context = {
        "title": "Message out",
        "crumbs": [Crumb("Messages out", reverse("desk:outbox")), Crumb(view.message.replace("_", " "))],
        "notice": view,
        "may_send": view.state in OVER and may(request.actor, "notice.resend"),
        "over": view.state in OVER,
    }
    return render(request, "desk/notice.html", context)


@opens(read="notice.resend", write="notice.resend")
def again(request: Asked, notice: str) -> HttpResponse:
    """Send a message once more."""
    view = queries.one(notice, by=request.actor, now=request.now)
    form = Again(request.POST or None, initial={"to": view.recipient})

    def do(given: dict[str, Any]) -> str:
        fresh = notices.send_again(notice=notice, to=given["to"], by=request.actor, now=request.now)
        return reverse("desk:notice", args=[fresh.id])

    return acts.run(request, form=form, page=_page(view), do=do, done="The message is on its way.")


def _page(view: NoticeView) -> Page:
    back = reverse("desk:notice", args=[view.id])
    return Page(
        title="Send a message again",
        heading="Send it again?",
        button="Send it again",
        back=back,
        crumbs=[Crumb("Messages out", reverse("desk:outbox")), Crumb("Message", back), Crumb("Again")],
        rows=[
            Row("What leaves", facts={"Subject": view.subject}, verbatim=view.text),
            Row(
                "What happens",
                points=[
                    "The same text leaves as a message of its own.",
                    "The first one stays as it is in the log.",
                ],
            ),
        ],
    )
