"""Who is in the demo, and stepping into their shoes."""

from typing import cast

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tecum.access.catalogue import ROLES
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.kernel.actors import Actor
from tecum.web import navigation
from tecum.web.demo.stories import TRIES
from tecum.web.gates import EVERYBODY, opens
from tecum.web.requests import Asked
from tecum.web.sign_in.middleware import VISIT


@opens(read=EVERYBODY)
@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Show everybody who lives in the demo, by what they can do."""
    found = people.people(by=Actor.system("demo"), now=cast("Asked", request).now)
    places = [
        {"person": person, "role": ROLES[role], "tries": tries}
        for role, tries in TRIES.items()
        for person in found
        if role in person.roles
    ]
    return render(request, "demo/roles.html", {"places": places})


@opens(write=EVERYBODY)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in as a person of the demo, as if password and second factor had just been given."""
    asked = cast("Asked", request)
    person = get_object_or_404(get_user_model(), email=request.POST.get("email", ""))
    login(request, person, backend=settings.AUTHENTICATION_BACKENDS[0])
    visit = accounts.open_visit(person=person.pk, factor="demo", now=asked.now)
    request.session[VISIT] = visit
    arrival = accounts.arrive(visit=visit, person=person.pk, now=asked.now)
    return redirect(navigation.home_of(arrival.actor) or reverse("mfa_index"))
