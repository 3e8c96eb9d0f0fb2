"""An officer asks for a surveillance on the page (form D), follows what became of it, and opens its receipts."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.demands.operations import Brought, Submitted
from tecum.guide import saying
from tecum.guide.model.reporting import Form
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders
from tecum.surveillance.queries import asking, telling
from tecum.surveillance.rules.request_form import requested
from tecum.web.gates import opens
from tecum.web.portal.handing import Paperwork, drop_of, page_of
from tecum.web.portal.request_form import RequestForm, known, several
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

AMONG, HOME = "Surveillances", "portal:surveillances"
NOT_YET = "Nothing has ended yet. You stand on its list: end it here, at once."


@opens(read="demand.submit", write="demand.submit")
@never_cache
def ask(request: Asked, draft: str = "") -> HttpResponse:
    """Show the form, empty or as a draft has it; save it, or hand it in. It is not there where the guide does not allow it."""
    return page_of(request, paperwork(_allowed(request)), draft)


@opens(read="demand.submit", write="demand.submit")
@never_cache
def drop(request: Asked, draft: str) -> HttpResponse:
    """Drop a draft, once that is confirmed."""
    return drop_of(request, paperwork(_allowed(request)), draft)


@opens(read="case.own")
@never_cache
def one(request: Asked, case: str) -> HttpResponse:
    """Show how one's own order stands, with its receipts; that it was seen is recorded first."""
    told = orders.show_mine(case=case, by=request.actor, now=request.now)
    context = {
        "title": "Order",
        "told": told,
        "remit_to": saying.pays_to(policy.at(request.now)),
        "crumbs": [Crumb(AMONG, reverse(HOME)), Crumb(told.reference, mono=True)],
    }
    return render(request, "portal/order.html", context)


@opens(read="case.own")
@never_cache
def receipt(request: Asked, case: str, ordinal: int) -> HttpResponse:
    """Show a receipt as PDF; that it was looked at is recorded first."""
    content = orders.show_to_officer(case=case, ordinal=ordinal, by=request.actor, now=request.now)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="receipt-{ordinal}.pdf"'
    return answer


def paperwork(form: Form) -> Paperwork:
    """Return how a form of the guide is handed in."""
    fields = frozenset(each.id for each in form.fields)

    def made(request: Asked, *args: Any, initial: dict[str, Any] | None = None, **more: Any) -> RequestForm:
        begins = initial or known(form, _contact(request))
        return RequestForm(*args, made_from=form, initial=begins, **more)

    return Paperwork(
        kind="surveillance", title="Ask for a surveillance",
        lead=f"The carrier’s own form: {form.title}. Attach the order. You get the case’s number at once, here and by mail, and a receipt; another follows with the calculated end once your order was read.",
        among=AMONG, home=HOME, here="portal:ask_surveillance", draft="portal:surveillance_draft", drop="portal:surveillance_draft_drop",
        form=made, hand_in=_hand_in, after=_after, several=several(form),
        where=lambda part: part if part in {*fields, "papers"} else None,
    )  # fmt: skip


def _allowed(request: Asked) -> Form:
    form = telling.form_on_page(now=request.now)
    if form is None:
        raise NotYours
    return form


def _contact(request: Asked) -> dict[str, str]:
    """Return what the form asks of the officer and the carrier knows already, by the fields of the form."""
    clerk = Actor.system("portal")
    me = people.person(id=request.actor.ref.removeprefix("person:"), by=clerk, now=request.now)
    home = agencies.names({request.actor.agency}).get(request.actor.agency, "")
    return {"agency_name": home, "agency_contact": me.name, "contact_phone": me.phone}


def _hand_in(request: Asked, form: RequestForm, id: str, papers: Sequence[Brought]) -> Submitted:
    return orders.hand_in_draft(id=id, given=form.given(papers), by=request.actor, now=request.now)


def _after(request: Asked, form: RequestForm, got: Submitted) -> HttpResponse:
    """Lead on to the order; to the act that ends it where a form asks to deactivate what the officer may end."""
    asks = requested(form.given().values)
    if asks.deactivate:
        for each in asks.said.subjects:
            on = asking.own(by=request.actor, now=request.now, number=each.number)
            if len(on) == 1:
                messages.warning(request, NOT_YET)
                return redirect(reverse("portal:end_surveillance", args=[on[0].id]))
    return redirect("portal:order", got.case)
