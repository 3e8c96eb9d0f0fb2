"""What is written down of an order later: a corrected address, when collection began, a password told; and other requests."""

from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse

from tecum.policy import queries as policy
from tecum.surveillance.operations import orders as operations
from tecum.web.acts import Reason, posted, run
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, page
from tecum.web.requests import Asked

WHEN = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Billing(forms.Form):
    """The agency's billing name and address as it came back."""

    billing = forms.CharField(
        label="Billing name and address, a line each",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    channel = forms.ChoiceField(
        label="It came by",
        choices=[("fax", "Fax"), ("mail", "E-mail"), ("post", "Post"), ("telephone", "Telephone")],
    )


@opens(read="order.work", write="order.work")
def billing(request: Asked, case: str) -> HttpResponse:
    """Write down a corrected billing address (R-134)."""
    order = at_order(request, case)
    form = Billing(posted(request), initial={"billing": order.said.billing})

    def do(given: dict[str, Any]) -> None:
        operations.correct_billing(
            case=case, billing=given["billing"], channel=given["channel"], by=request.actor, now=request.now
        )

    said = page(
        order, "Corrected billing address", "Write it down", lead="The receipt is issued again with it."
    )
    return run(request, form=form, page=said, do=do, done="Written down; another receipt is issued.")


class Collection(forms.Form):
    """When the agency began to collect."""

    began_at = forms.DateTimeField(label="Collection began", widget=WHEN, input_formats=["%Y-%m-%dT%H:%M"])


@opens(read="order.work", write="order.work")
def collection(request: Asked, case: str) -> HttpResponse:
    """Write down when collection began, as the agency says."""
    order = at_order(request, case)
    zone = policy.at(request.now).carrier.zone.tz
    form = Collection(posted(request))
    form.fields["began_at"].help_text = f"As the agency says, in {zone.key.replace('_', ' ')} time."

    def do(given: dict[str, Any]) -> None:
        at: datetime = given["began_at"].replace(tzinfo=zone)
        operations.note_collection(case=case, began_at=at, by=request.actor, now=request.now)

    said = page(
        order,
        "When collection began",
        "Write it down",
        lead="The end is worked out anew where that is what counts.",
    )
    return run(request, form=form, page=said, do=do, done="Written down.")


class Password(forms.Form):
    """The surveillance password, and how it was told."""

    password = forms.CharField(
        label="Surveillance password", required=False, max_length=80, widget=forms.PasswordInput(),
        help_text="Left empty, the one that is kept. It is sealed and never on the receipt.",
    )  # fmt: skip
    how = forms.ChoiceField(
        label="It was told by",
        choices=[("telephone", "Telephone, called back"), ("person", "In person"), ("post", "Post")],
    )


@opens(read="order.work", write="order.work")
def password(request: Asked, case: str) -> HttpResponse:
    """Keep the surveillance password and write down how it was told (R-167)."""
    order = at_order(request, case)

    def do(given: dict[str, Any]) -> None:
        operations.tell_password(
            case=case, how=given["how"], password=given["password"], by=request.actor, now=request.now
        )

    said = page(
        order,
        "Tell the surveillance password",
        "Write it down",
        lead="Call the agency back on a number of the directory.",
    )
    return run(request, form=Password(posted(request)), page=said, do=do, done="Kept under seal.")


class Coverage(forms.Form):
    """Which switches answer an inquiry."""

    switches = forms.MultipleChoiceField(
        label="Switches that cover it", required=False, widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(label="A sentence", required=False, max_length=400)


@opens(read="order.work", write="order.work")
def coverage(request: Asked, case: str) -> HttpResponse:
    """Answer an inquiry about switch coverage (R-077)."""
    order = at_order(request, case)
    guide = policy.at(request.now)
    form = Coverage(posted(request))
    held = guide.on(guide.switches, request.now.astimezone(guide.carrier.zone.tz).date())
    form.fields["switches"].choices = [(each.id, f"{each.name} ({each.id})") for each in held]  # type: ignore[attr-defined]

    def do(given: dict[str, Any]) -> None:
        operations.answer_coverage(
            case=case, switches=given["switches"], note=given["note"], by=request.actor, now=request.now
        )

    said = page(
        order,
        "Answer with our switches",
        "Answer",
        lead="The letter names the switches and nothing of any target.",
    )
    return run(request, form=form, page=said, do=do, done="Answered; the case is closed.")


@opens(read="order.work", write="order.work")
def cancellation(request: Asked, case: str) -> HttpResponse:
    """Write down what became of a cancellation."""
    order = at_order(request, case)

    def do(given: dict[str, Any]) -> None:
        operations.note_cancellation(case=case, outcome=given["reason"], by=request.actor, now=request.now)

    said = page(
        order, "What became of it", "Write it down",
        lead="By mail or fax alone nothing ends: call back, end the order on its own page, then say so here.",
    )  # fmt: skip
    return run(request, form=Reason(posted(request)), page=said, do=do, done="Settled.")
