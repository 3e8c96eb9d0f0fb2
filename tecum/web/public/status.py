"""An applicant sees how the application stands: the reference, then a code that goes to the address in it (R-060, C7)."""

from typing import Any

from allauth.core import ratelimit
from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.policy import queries as policy
from tecum.vetting import operations as vetting
from tecum.web import acts, errors
from tecum.web.acts import Page
from tecum.web.gates import EVERYBODY, opens
from tecum.web.requests import Asked


class Reference(forms.Form):
    """Which application."""

    reference = forms.CharField(
        label="Reference of the application",
        max_length=20,
        help_text='It stands in our first answer: <span class="mono">AP-7Q2M-40VX</span>.',
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "mono"}),
    )


class Code(forms.Form):
    """The code that came by mail."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Eight letters and digits; a dash and small letters do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "mono", "spellcheck": "false"}
        ),
    )


def too_fast(request: Asked, action: str) -> HttpResponse | None:
    """Answer whoever tries too often from one address; None for everybody else."""
    if not ratelimit.consume(request, action=action):
        return errors.too_many(request)
    return None


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def ask(request: Asked) -> HttpResponse:
    """Ask for the reference; what follows is the same whether there is such an application or not."""
    if (stopped := too_fast(request, "code_asked")) is not None:
        return stopped
    vetting_terms = policy.at(request.now).lookup.vetting

    def do(given: dict[str, Any]) -> str:
        asked = vetting.ask_status(reference=given["reference"], by=request.actor, now=request.now)
        return reverse("public:status_code", args=[asked])

    page = Page(
        title="How your application stands",
        lead=f"A review may take {vetting_terms.window}. With the reference and a code that we mail to the address in your application you see how far it is.",
        button="Send me a code",
        back=reverse("public:start"),
        keep="Leave",
    )
    return same_origin(acts.run(request, form=Reference(request.POST or None), page=page, do=do))


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def code(request: Asked, asked: str) -> HttpResponse:
    """Take the code, then show how the application stands."""
    if (stopped := too_fast(request, "code_tried")) is not None:
        return stopped

    def do(given: dict[str, Any]) -> HttpResponse:
        vetting.prove(code=asked, typed=given["code"], by=request.actor, now=request.now)
        standing = vetting.show_status(code=asked, by=request.actor, now=request.now)
        return render(
            request, "public/status.html", {"standing": standing, "title": "How your application stands"}
        )

    page = Page(
        title="Enter the code",
        lead="If there is an application with this reference, a code is on its way to the address in it. That can take a minute; look in the junk folder too.",
        button="Show how it stands",
        back=reverse("public:status"),
        keep="Ask for a new code",
    )
    return same_origin(acts.run(request, form=Code(request.POST or None), page=page, do=do))


def same_origin(answer: HttpResponse) -> HttpResponse:
    """Let a page with a secret address post to itself: with no-referrer a browser posts from nowhere, and is refused."""
    answer["Referrer-Policy"] = "same-origin"
    return answer
