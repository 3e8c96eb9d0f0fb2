"""The welcome page: what one can do here, the terms to accept, how the account is secured."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import terms_digest
from tecum.guide.model.guide import Guide
from tecum.policy import queries as policy
from tecum.web import navigation
from tecum.web.gates import OWN, opens
from tecum.web.public import page as public
from tecum.web.public import sections
from tecum.web.public.manual import published
from tecum.web.requests import Asked


@opens(read=OWN, write=OWN)
@never_cache
def welcome(request: Asked) -> HttpResponse:
    """Welcome somebody at the first visit, and again when the terms changed; accepting them opens the look-up."""
    if not request.proved:
        return redirect("second_factor")
    guide = policy.at(request.now)
    if not (request.actor.agency and guide.lookups):
        return redirect("home")
    if request.method == "POST":
        try:
            accounts.accept_terms(digest=request.POST.get("terms", ""), by=request.actor, now=request.now)
        except accounts.TermsChanged as changed:
            messages.warning(request, str(changed))
            return redirect("welcome")
        return redirect(navigation.home_of(request.actor) or "mfa_index")
    return _page(request, guide)


def _page(request: Asked, guide: Guide) -> HttpResponse:
    factors = {factor.kind for factor in people.factors(person=str(request.user.pk))}
    context = {
        "title": "Welcome",
        "page": public.landing(guide),
        "person": people.person(id=str(request.user.pk), by=request.actor, now=request.now),
        "due": people.terms_due(by=request.actor, now=request.now),
        "asks": request.actor.may("lookup.history"),
        "terms": [
            text for name in guide.lookup.eligibility.attestations if (text := sections.section(guide, name))
        ],
        "digest": terms_digest(guide),
        "version": guide.version,
        "has_passkey": "webauthn" in factors,
        "manual": published(guide),
        "begin": navigation.home_of(request.actor),
    }
    return render(request, "sign_in/welcome.html", context)
