"""The link of a page: it takes the escalation by POST, and shows a reference and nothing else."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tecum.kernel.refusals import NotYours
from tecum.oncall import operations as oncall
from tecum.oncall import queries
from tecum.web.gates import EVERYBODY, opens
from tecum.web.requests import Asked


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def page(request: Asked, token: str) -> HttpResponse:
    """Ask whether to take it (GET uses nothing up: mail scanners follow links); by POST, take it."""
    form = forms.Form(request.POST if request.method == "POST" else None)
    found = queries.by_link(token=token, now=request.now)
    taken = refused = ""
    if request.method == "POST" and found is not None:
        try:
            taken = oncall.acknowledge_by_link(token=token, by=request.actor, now=request.now).id
        except (NotYours, oncall.CannotAnswer) as why:
            found, refused = None, str(why)
    context = {
        "title": "A page of the on-call ladder", "form": form, "found": found, "taken": taken, "refused": refused,
    }  # fmt: skip
    answer = render(request, "oncall/link.html", context, status=410 if found is None else 200)
    answer["Referrer-Policy"] = "same-origin"  # with no-referrer a browser posts from nowhere, and is refused
    return answer
