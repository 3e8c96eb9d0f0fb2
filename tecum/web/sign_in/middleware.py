"""Who acts, on every request, read afresh; and the gate of every page."""

from collections.abc import Callable
from typing import Any, cast
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tecum.accounts import operations as accounts
from tecum.config import clock
from tecum.kernel.actors import Actor
from tecum.web import gates
from tecum.web.gates import Answer
from tecum.web.refusals import remember
from tecum.web.requests import Asked

VISIT = "visit"  # the session's key for the visit's id
ENDED = "visit_ended"  # the session's key for the reason, until the sign-in page has said it
USER = "_auth_user_id"

Handler = Callable[[HttpRequest], HttpResponse]


class Actors:
    """
    Sets `request.now`, `request.actor`, `request.visit` and `request.proved`, and lets no request pass a closed gate.

    Person, agency, customer and roles are read on every request: who was suspended a moment ago is a stranger now.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = cast("Asked", request)
        asked.now, asked.actor, asked.visit, asked.proved = clock.now(), Actor.stranger(), "", False
        person = request.session.get(USER)
        if person:
            self.recognise(asked, str(person))
        return self.get_response(request)

    @staticmethod
    def recognise(request: Asked, person: str) -> None:
        """Turn the session into the actor; a visit that is over takes the session with it."""
        visit = str(request.session.get(VISIT, ""))
        arrival = accounts.arrive(visit=visit, person=person, now=request.now)
        if arrival.ended is not None:
            logout(request)
            request.session[ENDED] = arrival.ended.value
            return
        request.actor, request.visit, request.proved = arrival.actor, visit, arrival.proved

    def process_view(
        self, request: Asked, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Ask the gate; None lets the page run."""
        answer = gates.ask(request, view, by=request.actor, proved=request.proved, now=request.now)
        if answer is Answer.OPEN:
            return None
        if answer is Answer.CLOSED:
            return self.refuse(request)
        return self.lead(request, answer)

    @staticmethod
    def refuse(request: Asked) -> HttpResponse:
        """Remember who was refused what, then say what an unknown address says."""
        remember(request, "no_permission")
        raise Http404

    @staticmethod
    def lead(request: Asked, answer: Answer) -> HttpResponse:
        """Lead to the page that has to come first, and back from there to a page, never to an act."""
        page = {
            Answer.SIGN_IN: "account_login",
            Answer.SECOND_FACTOR: "second_factor",
            Answer.STEP_UP: "mfa_reauthenticate",
        }[answer]
        if request.method not in gates.READING and answer is Answer.STEP_UP:
            messages.warning(
                request, "Nothing was done yet. Confirm that it is you, then press the button again."
            )
        address = f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}"
        if request.headers.get("HX-Request"):
            return HttpResponse(status=204, headers={"HX-Redirect": address})
        return HttpResponseRedirect(address)
