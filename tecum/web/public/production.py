"""The link that was sent to the address on file: it takes the code that was told by telephone, and nothing else."""

from django import forms
from django.http import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from tecum.production import operations as productions
from tecum.production import queries
from tecum.web.gates import EVERYBODY, opens
from tecum.web.packages import streamed
from tecum.web.requests import Asked


class Code(forms.Form):
    """The code, as it was read out."""

    code = forms.CharField(
        label="Code", max_length=20, help_text="Ten letters and digits that we told you by telephone."
    )


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def fetch(request: Asked, token: str) -> HttpResponseBase:
    """Ask for the code (GET uses nothing up: mail scanners follow links); with the right one, stream the package."""
    form = Code(request.POST if request.method == "POST" else None)
    good = queries.link_good(token=token, now=request.now)
    if request.method == "POST" and form.is_valid():
        try:
            return streamed(
                productions.fetch_by_code(
                    token=token, code=form.cleaned_data["code"], by=request.actor, now=request.now
                )
            )
        except productions.CodeNotGood as refusal:
            form.add_error(None, str(refusal))
            good = queries.link_good(token=token, now=request.now)
    status = 410 if not good else 422 if form.errors else 200
    page = {"form": form, "good": good, "title": "Fetch an answer"}
    answer = render(request, "public/production.html", page, status=status)
    answer["Referrer-Policy"] = "same-origin"  # with no-referrer a browser posts from nowhere, and is refused
    return answer
