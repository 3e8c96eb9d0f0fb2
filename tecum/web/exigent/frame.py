"""What the pages of one emergency share."""

from collections.abc import Sequence

from django.urls import reverse

from tecum.exigent import queries
from tecum.exigent.queries import RequestView
from tecum.guide.model.emergency import Emergency
from tecum.guide.model.guide import NotInGuide
from tecum.policy import queries as policy
from tecum.web.acts import Page, Row, on_case
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


def at_request(request: Asked, case: str) -> RequestView:
    """Return the request of a page. :raises NotYours: when it is not for this person"""
    return queries.of_case(case=case, by=request.actor, now=request.now)


def back_to(case: str) -> str:
    """Return the address of a request's page."""
    return reverse("exigent:request", args=[case])


def pathway(request: Asked, found: RequestView) -> Emergency | None:
    """Return the pathway of a request, where the guide in force still has it."""
    try:
        return queries.pathway_of(found, policy.at(request.now))
    except NotInGuide:
        return None


def page(
    found: RequestView,
    title: str,
    button: str,
    *,
    rows: Sequence[Row] = (),
    lead: str = "",
    grave: bool = False,
) -> Page:
    """Return what stands around the form of an act on an emergency."""
    among = Crumb("Emergencies", reverse("exigent:board"))
    return on_case(
        title, button, reference=found.case.reference, back=back_to(found.case.id), among=among, rows=rows, lead=lead,
        grave=grave,
    )  # fmt: skip
