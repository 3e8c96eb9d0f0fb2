"""Work orders: what a person fetches from another system for a case; its result attached, or the order dropped with a reason."""

import mimetypes
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import queries as people
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.queries import OrderView
from tecum.demands.states import WorkState
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.lists import ON_A_PAGE, Found, page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "desk:work_orders"
SIGNS = {
    WorkState.OPEN: ("ask", "Open"),
    WorkState.DONE: ("ok", "Result attached"),
    WorkState.DROPPED: ("no", "Dropped"),
}
SHOWN = {"open": WorkState.OPEN, "done": WorkState.DONE, "dropped": WorkState.DROPPED}


class Result(forms.Form):
    """What the other system gave."""

    file = forms.FileField(
        label="Result",
        help_text="A document, for example a PDF. A table cannot be attached: nobody could hold its rows against the scope.",
    )


@opens(read="production.prepare")
def queue(request: Asked) -> HttpResponse:
    """List work orders, those that wait longest first; no number stands here."""
    by, now = request.actor, request.now
    chosen = request.GET.get("show", "open")
    start = (_page(request) - 1) * ON_A_PAGE
    rows, count = queries.desk_orders(by=by, now=now, state=SHOWN.get(chosen), start=start, limit=ON_A_PAGE)
    here = reverse(HOME)
    waiting = queries.desk_orders(by=by, now=now, state=WorkState.OPEN, limit=0)[1]
    context = {
        "title": "Work orders",
        "rows": [(row, SIGNS[row.state]) for row in rows],
        "waiting": waiting,
        "page": page_of(Found(rows, count), request),
        "products": _products(request),
        "names": people.names({row.ended_by or row.opened_by for row in rows}),
        "views": [
            View("Open", here, waiting, chosen == "open"),
            View("Result attached", f"{here}?show=done", None, chosen == "done"),
            View("Dropped", f"{here}?show=dropped", None, chosen == "dropped"),
            View("All", f"{here}?show=all", None, chosen not in SHOWN),
        ],
    }
    return render(request, "desk/work_orders.html", context)


@opens(read="production.prepare")
@never_cache
def one(request: Asked, order: str) -> HttpResponse:
    """Show one work order with its number; that it was opened is recorded."""
    view = demands.show_work_order(order=order, how="page", by=request.actor, now=request.now)
    context = {
        "title": "Work order",
        "crumbs": [Crumb("Work orders", reverse(HOME)), Crumb(view.reference, mono=True)],
        "order": view,
        "sign": SIGNS[view.state],
        "product": _products(request).get(view.product, view.product),
        "names": people.names({view.opened_by, view.ended_by} - {""}),
        "open": view.state is WorkState.OPEN,
    }
    return render(request, "desk/work_order.html", context)


@opens(read="production.prepare")
@never_cache
def result(request: Asked, order: str) -> HttpResponse:
    """Give the attached result as a file to keep; that it was taken is recorded."""
    name, content = demands.take_result(order=order, by=request.actor, now=request.now)
    answer = HttpResponse(content, content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    return answer


@opens(read="production.prepare", write="production.prepare")
@never_cache
def attach(request: Asked, order: str) -> HttpResponse:
    """Attach what the other system gave."""
    view = queries.work_order(order=order, by=request.actor, now=request.now)
    form = Result(acts.posted(request), request.FILES or None)

    def do(given: dict[str, Any]) -> str:
        file = given["file"]
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        demands.attach_result(
            order=order, name=file.name, media_type=kind, content=file.read(), by=request.actor, now=request.now
        )  # fmt: skip
        return reverse("desk:work_order", args=[order])

    points = [
        "The file is kept sealed with the case, under its own name.",
        "The next production of the case holds it: search again when every order of the case has ended.",
        "The order has then ended; its result is not changed any more.",
    ]
    page = _around(request, view, "Attach the result", "Attach it", points, upload=True)
    return acts.run(request, form=form, page=page, do=do, done="The result is attached.")


@opens(read="production.prepare", write="production.prepare")
@never_cache
def drop(request: Asked, order: str) -> HttpResponse:
    """End an order without a result."""
    view = queries.work_order(order=order, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        demands.drop_work_order(order=order, reason=given["reason"], by=request.actor, now=request.now)
        return reverse("desk:work_order", args=[order])

    points = [
        "Nothing is fetched for this order. The production says that this part was not answered.",
        "The next search of the case opens the order anew while its scope grants it.",
    ]
    page = _around(request, view, "Drop the order", "Drop it", points)
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The order is dropped."
    )


def _around(
    request: Asked, view: OrderView, title: str, button: str, points: list[str], *, upload: bool = False
) -> Page:
    back = reverse("desk:work_order", args=[view.id])
    facts = {
        "System": view.system.replace("_", " "),
        "What": _products(request).get(view.product, view.product),
        "Case": view.reference,
    }
    return Page(
        title=title, button=button, back=back, heading=f"{title}?", upload=upload,
        rows=[Row("The order", facts=facts), Row("What happens", points=points)],
        crumbs=[Crumb("Work orders", reverse(HOME)), Crumb(view.reference, back, mono=True), Crumb(title)],
    )  # fmt: skip


def _products(request: Asked) -> dict[str, str]:
    return {product.id: product.name for product in policy.at(request.now).products}


def _page(request: Asked) -> int:
    said = request.GET.get("page", "")
    return max(int(said), 1) if said.isdecimal() and len(said) < 7 else 1
