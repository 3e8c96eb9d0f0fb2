"""Payments: taking the bank's file in, and saying what the rest is for."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.billing import operations as billing
from tecum.billing.adapters import PaymentView
from tecum.billing.operations.paying import COLUMNS
from tecum.billing.queries import papers
from tecum.billing.rules.matching import named_quotes
from tecum.billing.states import PaymentState
from tecum.kernel.refusals import Refused
from tecum.web import acts
from tecum.web.acts import Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "billing:payments"
SHOWN = {
    PaymentState.WAITING: "Wait for a person",
    PaymentState.HELD: "Paid in advance",
    PaymentState.MATCHED: "Matched",
    PaymentState.SENT_BACK: "Sent back",
}


class BankFile(forms.Form):
    """The bank's file."""

    file = forms.FileField(
        label="The bank’s file", help_text=f"CSV, UTF-8, with the columns {', '.join(COLUMNS)}."
    )


class Which(forms.Form):
    """Which invoice a payment is for."""

    number = forms.CharField(
        label="Invoice, or quote",
        max_length=20,
        help_text="The number of an invoice, like INV-000042; of a quote that is paid in advance, like QUOTE-7Q2M-40VX.",
    )


@opens(read="billing.read", write="billing.pay")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List payments, and take a file of them in."""
    form = BankFile(acts.posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            taken = billing.take_payments(
                content=form.cleaned_data["file"].read(), by=request.actor, now=request.now
            )
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            form.add_error("file", str(refusal))
        else:
            messages.success(
                request,
                f"{taken.matched} matched, {taken.held} held for quotes, {taken.waiting} wait for a person, {taken.again} were taken in before.",
            )
            for line, why in taken.rejected[:20]:
                messages.warning(request, f"Line {line} was not taken: {why}")
            return redirect(HOME)
    state = request.GET.get("state", PaymentState.WAITING.value)
    here = reverse(HOME)
    context = {
        "title": "Payments",
        "form": form,
        "rows": page_of(papers.payments(by=request.actor, now=request.now, state=state), request),
        "views": [
            View(label, f"{here}?state={each.value}", None, state == each.value)
            for each, label in SHOWN.items()
        ],
        "may_pay": may(request.actor, "billing.pay"),
        "state": state,
    }
    return render(request, "billing/payments.html", context, status=422 if form.errors else 200)


@opens(read="billing.pay", write="billing.pay")
@never_cache
def match(request: Asked, payment: str) -> HttpResponse:
    """Say which invoice a payment is for."""
    view = papers.payment(id=payment, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        if named_quotes(given["number"]):
            billing.hold(payment=payment, quote=given["number"], by=request.actor, now=request.now)
            return reverse(HOME)
        found = papers.invoices(by=request.actor, now=request.now, number=given["number"]).rows
        if not found:
            raise billing.CannotMatch(f"There is no invoice {given['number']}.")
        billing.match(payment=payment, invoice=found[0].id, by=request.actor, now=request.now)
        return reverse(HOME)

    page = _page(view, "What it is for", "Match it")
    return acts.run(request, form=Which(acts.posted(request)), page=page, do=do, done="It is matched.")


@opens(read="billing.pay", write="billing.pay")
@never_cache
def unmatch(request: Asked, payment: str) -> HttpResponse:
    """Take a payment off its invoices."""
    return _freed(request, payment, "Take it off its invoices", "Take it off", billing.unmatch)


@opens(read="billing.pay", write="billing.pay")
@never_cache
def let_go(request: Asked, payment: str) -> HttpResponse:
    """Hold a payment no longer for its quote."""
    return _freed(request, payment, "Hold it no longer", "Hold it no longer", billing.let_go)


def _freed(request: Asked, payment: str, title: str, button: str, free: Callable[..., None]) -> HttpResponse:
    """Let a payment wait for a person again, once that is confirmed."""
    view = papers.payment(id=payment, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        free(payment=payment, by=request.actor, now=request.now)
        return reverse(HOME)

    form = acts.Nothing(acts.posted(request))
    return acts.run(request, form=form, page=_page(view, title, button), do=do, done="It waits again.")


@opens(read="billing.pay", write="billing.pay")
@never_cache
def send_back(request: Asked, payment: str) -> HttpResponse:
    """Note that a payment went back."""
    view = papers.payment(id=payment, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        billing.send_back(payment=payment, reason=given["reason"], by=request.actor, now=request.now)
        return reverse(HOME)

    page = _page(view, "It went back", "Note it")
    return acts.run(request, form=Reason(acts.posted(request)), page=page, do=do, done="It is noted.")


def _page(view: PaymentView, title: str, button: str) -> Page:
    rows = [
        Row("The payment", facts={
            "Received": f"{view.received_on:%d %B %Y}", "Amount": view.amount, "Not yet matched": view.left,
            "Payer": view.payer or "not said", "Words": view.said or "none", "Bank’s reference": view.source,
        }),
    ]  # fmt: skip
    crumbs = [Crumb("Payments", reverse(HOME)), Crumb(title)]
    return Page(title=title, button=button, back=reverse(HOME), crumbs=crumbs, rows=rows)
