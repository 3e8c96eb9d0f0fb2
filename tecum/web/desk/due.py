"""What is due, what lies ahead, and what was given up and lies for a person."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.deadlines import operations as deadlines
from tecum.deadlines import queries
from tecum.deadlines.catalogue import KINDS
from tecum.web import acts, lists
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View


@opens(read="deadline.read")
def queue(request: Asked) -> HttpResponse:
    """List the open deadlines by instant; `show=dead`: those that lie for a person."""
    by, now = request.actor, request.now
    dead = request.GET.get("show") == "dead"
    found = queries.listed(by=by, now=now, dead=dead)
    page = lists.page_of(found, request)
    total, over, lying = queries.counts(by=by, now=now)
    here = reverse("desk:due")
    context = {
        "title": "What is due",
        "page": page,
        "rows": [
            (each, KINDS[each.kind].meaning if each.kind in KINDS else each.kind) for each in page.object_list
        ],
        "total": total,
        "over": over,
        "lying": lying,
        "dead": dead,
        "may_revive": may(by, "deadline.revive"),
        "may_read_mail": may(request.actor, "mail.read"),
        "views": [
            View("Due and ahead", here, total, not dead),
            View("Lies dead", f"{here}?show=dead", lying, dead),
        ],
    }
    return render(request, "desk/due.html", context)


@opens(read="deadline.revive", write="deadline.revive")
def revive(request: Asked, kind: str, subject: str) -> HttpResponse:
    """Try again what lies dead."""

    def do(_: dict[str, Any]) -> str:
        deadlines.revive(kind=kind, subject=subject, by=request.actor, now=request.now)
        return reverse("desk:due")

    meaning = KINDS[kind].meaning if kind in KINDS else kind
    page = Page(
        title="Try again",
        heading="Try it again?",
        button="Try it again",
        back=reverse("desk:due") + "?show=dead",
        crumbs=[Crumb("What is due", reverse("desk:due")), Crumb("Try again")],
        rows=[
            Row("What it is", text=meaning, facts={"Subject": subject}),
            Row(
                "What happens",
                text="It is tried at once, and as often again as at first. Mend the cause first: the log names it.",
            ),
        ],
    )
    return acts.run(request, form=Nothing(request.POST or None), page=page, do=do, done="It is tried again.")
