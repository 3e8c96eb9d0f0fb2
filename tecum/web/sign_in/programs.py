"""The page of programs: a personal token for one's own system, shown once; where the guide opens that door (A17)."""

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.demands import queries as demands
from tecum.kernel.refusals import NotYours
from tecum.lookup import queries as lookup
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.gates import OWN, opens
from tecum.web.requests import Asked
from tecum.web.sign_in import webhooks
from tecum.web.templatetags.frame import Crumb


class Take(forms.Form):
    """What the token is for, beside what every token is for."""

    fetches = forms.BooleanField(
        label="It may fetch productions that were handed to you", required=False,
        help_text="Your second factor, proved now, then stands for the whole life of the token. Each download is counted and recorded as on the page.",
    )  # fmt: skip


def any_open(request: Asked) -> bool:
    """Tell whether the guide opens any door to programs, for somebody who may take a token."""
    doors = demands.door_open("api", now=request.now) or _looks_up(request)
    return request.actor.may("account.token") and doors


@opens(read=OWN)
@never_cache
def programs(request: Asked) -> HttpResponse:
    """Show whether a token is good, until when, and for what."""
    if not any_open(request):
        raise NotYours
    context = {
        "title": "Programs",
        "crumbs": [Crumb("My account", reverse("mfa_index")), Crumb("Programs")],
        "token": people.token_open(by=request.actor, now=request.now),
        "life": policy.at(request.now).sessions.token_life,
        "demands": demands.door_open("api", now=request.now),
        "lookups": _looks_up(request),
        "webhooks": webhooks.mine(request),
        "may_hook": request.actor.may("webhook.own") and demands.door_open("api", now=request.now),
    }
    return render(request, "account_pages/programs.html", context)


@opens(read="account.token", write="account.token")
@never_cache
def take(request: Asked) -> HttpResponse:
    """Take a token under a fresh second factor; it is shown once, and the one before ends."""
    if not any_open(request):
        raise NotYours
    form = Take(acts.posted(request))
    crumbs = (
        Crumb("My account", reverse("mfa_index")),
        Crumb("Programs", reverse("programs")),
        Crumb("Take a token"),
    )
    if not policy.at(request.now).productions.by_program:
        del form.fields["fetches"]

    def do(given: dict[str, bool]) -> HttpResponse:
        issued = accounts.issue_token(by=request.actor, now=request.now, fetches=given.get("fetches", False))
        context = {"title": "Your token", "crumbs": crumbs, "issued": issued, "fetches": given.get("fetches")}
        return render(request, "account_pages/token.html", context)

    page = acts.Page(
        title="Take a token", button="Take it", back=reverse("programs"), keep="Leave without one", crumbs=crumbs,
        lead=f"Good for {policy.at(request.now).sessions.token_life}. It is shown once, and the one before ends now.",
    )  # fmt: skip
    return acts.run(request, form=form, page=page, do=do)


@opens(write=OWN)
def end(request: Asked) -> HttpResponse:
    """End the own token at once."""
    accounts.void_token(by=request.actor, now=request.now)
    return redirect("programs")


def _looks_up(request: Asked) -> bool:
    return bool(policy.at(request.now).lookups) and lookup.door_is_open("api", now=request.now)
