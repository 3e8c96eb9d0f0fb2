"""What is done to one order, one page for each act: it repeats what will happen, and the letter before it is sent."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.kernel import numbers
from tecum.process import queries as received_queries
from tecum.surveillance.operations import orders as operations
from tecum.surveillance.operations.orders.opening import KINDS
from tecum.surveillance.queries import orders
from tecum.surveillance.queries.orders import OrderView
from tecum.web.acts import Nothing, Page, Reason, Row, calls, pages, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.forms import Deficient, Despite


def at_order(request: Asked, case: str) -> OrderView:
    """Return the order of a page. :raises NotYours: when it is not for this person"""
    return orders.of_case(case=case, by=request.actor, now=request.now)


def back_to(case: str) -> str:
    """Return the address of an order's page."""
    return reverse("orders:order", args=[case])


_page = pages("Court orders", "orders:orders", "orders:order")


def page(order: OrderView, title: str, button: str, **more: Any) -> Page:
    """Return what stands around the form of an act on an order."""
    return _page(order.case, title, button, **more)


@opens(read="order.work", write="order.work")
def take(request: Asked, case: str) -> HttpResponse:
    """Take an order that nobody works on."""
    order = at_order(request, case)
    said = page(order, "Take this order", "Take it", lead="It becomes yours, and its review begins.")
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, operations.take, case=case),
        done="It is yours.",
    )


class Kind(forms.Form):
    """What came."""

    kind = forms.ChoiceField(label="What it is", choices=list(KINDS.items()), widget=forms.RadioSelect)
    extends = forms.ChoiceField(
        label="The order it extends or ends",
        required=False,
        help_text="Of an extension or a cancellation: the orders of this agency, and those that name the same target.",
    )
    reference = forms.CharField(
        label="Or another one, by its reference",
        required=False,
        max_length=20,
        help_text="For example CO-7Q2M-40VX.",
    )

    def __init__(self, request: Asked, case: str, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.request, self.case = request, case
        known = orders.to_extend(case=case, by=request.actor, now=request.now)
        self.fields["extends"].choices = [("", "–"), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Find the order by its reference, where one is typed in."""
        given: dict[str, Any] = super().clean() or {}
        if reference := given.pop("reference", ""):
            found = orders.extendable(reference=reference, by=self.request.actor, now=self.request.now)
            if not found or found == self.case:
                self.add_error("reference", "No order that was authorised has this reference.")
            given["extends"] = found
        return given


@opens(read="order.work", write="order.work")
def kind(request: Asked, case: str) -> HttpResponse:
    """Say what came: an order, an extension of one, a cancellation, an inquiry."""
    order = at_order(request, case)
    form = Kind(request, case, posted(request), initial={"kind": order.kind, "extends": order.extends_case})
    said = page(order, "It is something else", "Write it down")
    return run(
        request, form=form, page=said, do=calls(request, operations.set_kind, case=case), done="Written down."
    )


@opens(read="order.work", write="order.work")
def match(request: Asked, case: str) -> HttpResponse:
    """Hold every target against the billing system."""
    order = at_order(request, case)
    targets = [numbers.grouped(each.number) for each in order.said.subjects]
    rows = (
        Row("Held against the bill", "" if targets else "Write down first which targets it names.", targets),
        Row("What follows", points=[
            "It is compared inside Tecum, on our own copy of the list: nobody at the billing system learns of it.",
            "That you did it is kept. What does not agree leads to the letter that the order must be modified.",
        ]),
    )  # fmt: skip

    said = page(order, "Hold it against the bill", "Compare", rows=rows)
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, operations.match, case=case),
        done="Compared.",
    )


@opens(read="order.work", write="order.work")
def accept(request: Asked, case: str) -> HttpResponse:
    """Find an order sound."""
    order = at_order(request, case)
    findings = orders.findings(case=case, by=request.actor, now=request.now)
    unmet = [f"{each.title}: {each.sentence}" for each in findings if not each.met]
    rows = (
        Row("Not met, or not judged", "" if unmet else "Everything on the checklist is met.", unmet),
        Row(
            "What follows",
            "Nothing starts. You can then propose its authority, which another person approves.",
        ),
    )

    said = page(order, "Find it sound", "Find it sound", rows=rows)
    return run(
        request,
        form=Despite(posted(request)),
        page=said,
        do=calls(request, operations.accept, case=case),
        done="The order is sound.",
    )


@opens(read="order.work", write="order.work")
def deficient(request: Asked, case: str) -> HttpResponse:
    """Send the letter that says what must be mended or modified, as it is shown."""
    order = at_order(request, case)
    findings = orders.findings(case=case, by=request.actor, now=request.now)
    unmet = [each for each in findings if each.met is False]
    form = Deficient(posted(request), findings=[f"{each.title}: {each.sentence}" for each in unmet])
    form.fields["to"] = To.base_fields["to"]
    wordings = list(dict.fromkeys(each.wording for each in unmet if each.wording))
    rows = (
        Row("Goes to", order.case.contact.email or "no address is known: write one below"),
        Row("Wording to copy", "" if wordings else "No wording is prescribed.", wordings),
        Row("What it never says", "What our billing system holds."),
    )

    def do(given: dict[str, Any]) -> None:
        chosen = {int(each) for each in given["findings"]}
        left = [place for place in range(len(unmet)) if place not in chosen]
        operations.find_deficient(
            case=case, leave_out=left, note=given["note"], to=given["to"], by=request.actor, now=request.now
        )

    said = page(order, "Write what must be modified", "Send the letter", rows=rows)
    return run(request, form=form, page=said, do=do, done="The letter is written.")


class To(forms.Form):
    """Where a letter goes."""

    to = forms.CharField(
        label="Another address", required=False, max_length=254,
        help_text="Left empty, it goes to the address of the case. A fax as fax:NPANXXXXXX; “post” to print it.",
    )  # fmt: skip


@opens(read="order.work", write="order.work")
def go_on(request: Asked, case: str) -> HttpResponse:
    """Go on with the review."""
    order = at_order(request, case)
    said = page(
        order, "Go on with the review", "Go on", lead="What was decided is taken back; the arrival stays."
    )
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, operations.go_on, case=case),
        done="The review goes on.",
    )


@opens(read="order.work", write="order.work")
def route(request: Asked, case: str) -> HttpResponse:
    """Tell the agency whom its order belongs to."""
    order = at_order(request, case)
    found = received_queries.elsewhere(received=order.received, by=request.actor, now=request.now)
    text = (
        "By what was written down so far it belongs here: write down the company or the place that it names."
    )
    where = [f"{name}: {value}" for name, value in found.contact.items()] if found else []
    copies = ["A copy is for us to process: go on with it when the other company was served."] if found and found.copy_to else []  # fmt: skip
    rows = (Row("Belongs to", found.provider_name if found else text, where), Row("The copy", points=copies))

    said = page(order, "It belongs to another company", "Send the letter that says where", rows=rows)
    return run(
        request,
        form=To(posted(request)),
        page=said,
        do=calls(request, operations.route, case=case),
        done="The letter is written; the arrival stays.",
    )


@opens(read="order.work", write="order.work")
def copy(request: Asked, case: str) -> HttpResponse:
    """Go on with the copy of a partner's order."""
    order = at_order(request, case)
    said = page(
        order,
        "Go on with the copy",
        "Go on with it",
        lead="The partner was served; the work on the switches is ours (R-162).",
    )
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, operations.copy_for_processing, case=case),
        done="The review goes on with the copy.",
    )


class Refusal(Reason, To):
    """Why an order is not honoured, and where that goes."""

    field_order = ("reason", "to")


@opens(read="order.work", write="order.work")
def refuse(request: Asked, case: str) -> HttpResponse:
    """Do not honour an order, by letter."""
    order = at_order(request, case)
    rows = (Row("Goes to", order.case.contact.email or "no address is known"), Row("What follows", "The case closes. It can be opened again."))  # fmt: skip

    said = page(order, "Do not honour it", "Send the letter", rows=rows, grave=True)
    return run(
        request,
        form=Refusal(posted(request)),
        page=said,
        do=calls(request, operations.refuse, case=case),
        done="The letter is written; the case is closed.",
    )


@opens(read="order.work", write="order.work")
def issue(request: Asked, case: str) -> HttpResponse:
    """Issue the receipt once more."""
    order = at_order(request, case)
    rows = (
        Row("Goes to", order.case.contact.email or order.case.contact.fax or "no address is known: print it"),
    )

    said = page(order, "Issue the receipt again", "Issue it", rows=rows)
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, operations.issue, case=case),
        done="Issued.",
    )
