"""Telling a customer that legal process asks for records about them: who, by what, what it says; or why not after all."""

import io
from html import escape
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.queries import OwedView
from tecum.demands.queries.customers import Reached
from tecum.demands.states import OwedState
from tecum.documents.drivers import pdf
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers, words
from tecum.notices.drivers.letters import Letter
from tecum.policy import queries as policy
from tecum.web.acts import Reason, Row, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.acts import at_demand, back_to, page
from tecum.web.response.forms import DAY

KINDS = {
    "subscriber": "a subscriber of ours, by the bill",
    "customer": "a wholesale customer, by its card",
    "unknown": "nobody known to us: find out who it is, and write it down",
}
STYLE = (
    "@page{size:letter;margin:2.5cm 2.2cm}body{font:11pt/1.5 'Source Sans Pro';color:#1b1b1b}"
    "address{font-style:normal;white-space:pre-line;margin:0 0 26pt}.from{margin:0 0 30pt;color:#454545;font-size:9.5pt}"
    "h1{font-size:13pt;margin:0 0 10pt}"
)


class Tell(forms.Form):
    """How the customer is told."""

    way = forms.ChoiceField(label="It goes", widget=forms.RadioSelect)
    name = forms.CharField(label="To whom", max_length=200)
    email = forms.EmailField(label="Mail address", required=False, help_text="For a notice by mail.")
    address = forms.CharField(
        label="Postal address",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="For a notice by post.",
    )
    posted_on = forms.DateField(
        label="Posted on", required=False, widget=DAY, help_text="For a notice by post."
    )

    def __init__(self, *args: Any, mails: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        ways = [("post", "by post: the letter above was printed and posted")]
        mail = [("mail", "by mail, now, from our mailbox")] if mails else []
        self.fields["way"].choices = [*mail, *ways]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what the chosen way needs."""
        given = super().clean() or {}
        if given.get("way") == "mail" and not given.get("email"):
            self.add_error("email", "Write the mail address.")
        if given.get("way") == "post":
            for name, what in (("address", "Write the postal address."), ("posted_on", "Say on which day.")):
                if not given.get(name):
                    self.add_error(name, what)
        return given


class Spare(Reason):
    """By which exception of the guide the notice is not owed, and why."""

    exception = forms.ChoiceField(label="The exception")
    field_order = ("exception", "reason")

    def __init__(self, *args: Any, exceptions: tuple[str, ...], **more: Any) -> None:
        super().__init__(*args, **more)
        named = [(each, each.replace("_", " ").capitalize()) for each in exceptions]
        self.fields["exception"].choices = named  # type: ignore[attr-defined]


@opens(read="demand.tell_customer", write="demand.tell_customer")
def tell(request: Asked, case: str, owed: str) -> HttpResponse:
    """Tell a customer, or write down that the letter was posted."""
    demand = at_demand(request, case)
    by, now = request.actor, request.now
    shown, exceptions = queries.one_owed(owed=owed, case=case, by=by, now=now)
    who, letter = demands.show_customer(owed=owed, by=by, now=now)
    guide = policy.at(now)
    form = Tell(
        posted(request), mails=guide.writes_mail,
        initial={"way": "mail" if guide.writes_mail and who.email else "post", "name": who.name, "email": who.email, "address": who.address},
    )  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        by_mail = given["way"] == "mail"
        demands.tell_customer(
            owed=owed, way=given["way"], name=given["name"], to=given["email"] if by_mail else given["address"],
            posted_on=None if by_mail else given["posted_on"], by=by, now=now,
        )  # fmt: skip
        return back_to(case)

    due = shown.state is OwedState.DUE
    title = "Tell the customer" if due else "The notice to the customer"
    lead = "Whoever reads this letter learns that legal process asked for their records. It cannot be taken back."
    said = page(
        demand, title, "Tell the customer", rows=_rows(request, shown, who, letter, exceptions), grave=True,
        lead=lead if due else f"{shown.because} It is not sent now.",
    )  # fmt: skip
    return run(request, form=form, page=said, do=do, done="Written down; the customer is told.")


@opens(read="demand.tell_customer", write="demand.tell_customer")
def spare(request: Asked, case: str, owed: str) -> HttpResponse:
    """Find that a notice is not owed, by an exception that the guide names."""
    demand = at_demand(request, case)
    shown, exceptions = queries.one_owed(owed=owed, case=case, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        demands.spare_customer(
            owed=owed, exception=given["exception"], reason=given["reason"], by=request.actor, now=request.now
        )
        return back_to(case)

    said = page(demand, "The notice is not owed", "It is not owed", rows=(_about(shown),), grave=True)
    form = Spare(posted(request), exceptions=exceptions)
    return run(request, form=form, page=said, do=do, done="Written down; the customer is not told.")


@opens(read="demand.tell_customer")
def letter(request: Asked, case: str, owed: str) -> HttpResponse:
    """Give the letter as a PDF to print; that it was taken is recorded."""
    demand = at_demand(request, case)
    queries.one_owed(owed=owed, case=case, by=request.actor, now=request.now)
    who, text = demands.show_customer(owed=owed, by=request.actor, now=request.now)
    guide = policy.at(request.now)
    made = io.BytesIO(
        pdf.render(_sheet(guide, who, text, words.day(request.now.astimezone(guide.carrier.zone.tz).date())))
    )
    answer = HttpResponse(made.getvalue(), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="notice-{demand.case.reference}.pdf"'
    answer["Cache-Control"] = "no-store"
    return answer


def _sheet(guide: Guide, who: Reached, text: Letter, day: str) -> str:
    to = "\n".join(each for each in (who.name, who.address) if each) or "To the customer"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(text.subject)}</title>'
        f'<style>{pdf.faces()}{STYLE}</style></head><body><p class="from">{escape(guide.carrier.name)}<br>{escape(day)}</p>'
        f"<address>{escape(to)}</address><h1>{escape(text.subject)}</h1>{text.html}</body></html>"
    )


def _about(shown: OwedView) -> Row:
    facts = {"Who": KINDS.get(shown.kind, shown.kind), "Number": numbers.grouped(shown.number), "How it stands": shown.because or shown.state.value.lower()}  # fmt: skip
    return Row("The customer", facts=facts)


def _rows(
    request: Asked, shown: OwedView, who: Reached, text: Letter, exceptions: tuple[str, ...]
) -> tuple[Row, ...]:
    reached = {"Name": who.name, "Postal address": who.address, "Mail": who.email}
    case, found = shown.case, [_about(shown)]
    if any(reached.values()):
        found.append(Row("As our records say", facts={k: v for k, v in reached.items() if v}))
    found.append(Row(f"The letter: {text.subject}", verbatim=text.text, link=("Print it (PDF)", reverse("response:owed_letter", args=[case, shown.id]))))  # fmt: skip
    if exceptions and shown.state in {OwedState.DUE, OwedState.WAITING}:
        there = reverse("response:owed_spare", args=[case, shown.id])
        found.append(
            Row("Not owed after all?", "The guide names exceptions.", link=("Say which one holds", there))
        )
    return tuple(found)
