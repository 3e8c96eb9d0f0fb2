"""What was handed to an officer: what is in it, how to check it, and fetching it with a fresh second factor."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production import queries
from tecum.web.gates import opens
from tecum.web.packages import streamed
from tecum.web.portal.cases import views
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

KINDS = {
    "certificate": "Records with a certificate of business records",
    "disclaimer": "Records without a certificate",
    "no_records": "A letter that nothing was found, and what was searched",
}
PAPERS = {"certificate": "certificate.pdf", "disclaimer": "disclaimer.pdf", "no_records": "no-records.pdf"}


@opens(read="production.own")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List what was handed to the person, newest first."""
    rows = queries.offers(by=request.actor, now=request.now)
    return render(
        request,
        "portal/productions.html",
        {"title": "My answers", "rows": rows, "kinds": KINDS, "views": views("answers")},
    )


@opens(read="production.own", write="production.fetch")
@never_cache
def one(request: Asked, handover: str) -> HttpResponseBase:
    """Show one answer; with POST stream it, once that is recorded."""
    offer = queries.offer(id=handover, by=request.actor, now=request.now)
    if request.method == "POST":
        try:
            return streamed(productions.fetch(handover=handover, by=request.actor, now=request.now))
        except productions.CannotFetch as refusal:
            remember(request, type(refusal).__name__)
            messages.error(request, str(refusal))
            return redirect("portal:production", handover)
    products = {product.id: product.name for product in policy.at(request.now).products}
    context = {
        "title": "Answer",
        "crumbs": [Crumb("My answers", reverse("portal:productions")), Crumb(offer.reference, mono=True)],
        "offer": offer,
        "kind": KINDS.get(offer.kind, ""),
        "paper": PAPERS.get(offer.kind, ""),
        "products": products,
    }
    return render(request, "portal/production.html", context)
