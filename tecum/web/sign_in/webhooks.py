"""The own webhooks on the page of programs: added, proved by the challenge that was posted there, ended."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.demands import queries as demands
from tecum.kernel.refusals import NotYours
from tecum.notices import queries
from tecum.notices.operations import hooks
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


class Address(forms.Form):
    """Where one's own system listens."""

    address = forms.URLField(
        label="Address of your system", max_length=500, assume_scheme="https",
        help_text="https, port 443 or 8443, in the public network.",
    )  # fmt: skip


class Challenge(forms.Form):
    """What was posted to the address."""

    challenge = forms.CharField(
        label="The challenge that your system received", min_length=10, max_length=100
    )


def mine(request: Asked) -> list[queries.HookView]:
    """Return the own webhooks, where the guide opens that door to this person."""
    if not request.actor.may("webhook.own") or not demands.door_open("api", now=request.now):
        return []
    return queries.hooks(by=request.actor, now=request.now)


def _page(request: Asked, title: str, button: str, **more: Any) -> Page:
    if not demands.door_open("api", now=request.now):
        raise NotYours
    crumbs = (Crumb("My account", reverse("mfa_index")), Crumb("Programs", reverse("programs")), Crumb(title))
    return Page(title=title, button=button, back=reverse("programs"), crumbs=crumbs, **more)


@opens(read="webhook.own", write="webhook.own")
@never_cache
def add(request: Asked) -> HttpResponse:
    """Register an address; its secret is shown once, and a challenge is posted to it."""
    lead = "A challenge is posted to it at once. Until you type that here, or your system sends it back, it is told nothing."
    page = _page(request, "Add a webhook", "Add it", lead=lead)

    def do(given: dict[str, Any]) -> HttpResponse:
        made = hooks.register_hook(address=given["address"], by=request.actor, now=request.now)
        said = {"title": "Your webhook", "crumbs": page.crumbs, "made": made}
        return render(request, "account_pages/webhook.html", said)

    return acts.run(request, form=Address(acts.posted(request)), page=page, do=do)


@opens(read="webhook.own", write="webhook.own")
def prove(request: Asked, hook: str) -> HttpResponse:
    """Prove an address with the challenge that was posted to it."""
    known = _mine(request, hook)
    rows = (Row("The address", known.address),)
    page = _page(request, "Prove the address", "Prove it", rows=rows)

    def do(given: dict[str, Any]) -> str:
        hooks.confirm_hook(hook=hook, challenge=given["challenge"].strip(), by=request.actor, now=request.now)
        return page.back

    said = "Proved. From now on it is told what moves."
    return acts.run(request, form=Challenge(acts.posted(request)), page=page, do=do, done=said)


@opens(write="webhook.own")
def end(request: Asked, hook: str) -> HttpResponse:
    """End a webhook at once."""
    hooks.end_hook(hook=hook, by=request.actor, now=request.now)
    return redirect("programs")


def _mine(request: Asked, hook: str) -> queries.HookView:
    for each in mine(request):
        if each.id == hook:
            return each
    raise NotYours
