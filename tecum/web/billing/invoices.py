"""Invoices: the list, one of them with every line explained, its PDF, sending, correcting, disputes."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.billing import operations as billing
from tecum.billing.adapters import InvoiceView
from tecum.billing.queries import papers, printing
from tecum.billing.states import TITLES, InvoiceState, PaperKind
from tecum.guide import saying
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "billing:invoices"


class InvoiceFilter(forms.Form):
    """Narrows the invoices."""

    number = forms.CharField(label="Number", required=False, widget=forms.TextInput(attrs={"type": "search"}))


class To(forms.Form):
    """Where something is sent."""

    to = forms.CharField(label="To", max_length=254, help_text="A mail address, or fax: and a number.")


class Credit(Reason):
    """Which lines are taken back, and whether their facts are billed again."""

    lines = forms.MultipleChoiceField(label="Lines that are taken back", widget=forms.CheckboxSelectMultiple)
    again = forms.BooleanField(
        label="Bill the facts again, as they should have been (the whole invoice only)", required=False
    )
    field_order = ("lines", "again", "reason")

    def __init__(self, *words: Any, view: InvoiceView, **more: Any) -> None:
        super().__init__(*words, **more)
        field = self.fields["lines"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [
            (line.id, f"{line.label}: {line.amount}")
            for line in view.lines
            if line.amount and not line.credited
        ]


@opens(read="billing.read")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List invoices and credit notes, newest first."""
    state, late = request.GET.get("state", ""), request.GET.get("late", "") == "1"
    form = InvoiceFilter(request.GET, auto_id="filter_%s")
    number = form.cleaned_data["number"] if form.is_valid() else ""
    asked = request.GET.get("page", "1")
    today = request.now.astimezone(policy.at(request.now).carrier.zone.tz).date()
    sheet = papers.invoices(
        by=request.actor, now=request.now, state=state, agency=request.GET.get("agency", ""), number=number, late=late,
        on=today, page=int(asked) if asked.isdecimal() else 1,
    )  # fmt: skip
    here = reverse(HOME)
    views = [View("All", here, None, not state and not late), View("Overdue", f"{here}?late=1", None, late)]
    views += [
        View(TITLES[each], f"{here}?state={each.value}", None, state == each.value) for each in InvoiceState
    ]
    context = {
        "title": "Invoices",
        "sheet": sheet,
        "filter": form,
        "views": views,
        "titles": TITLES,
        "today": today,
    }
    return render(request, "billing/invoices.html", context)


@opens(read="billing.read")
@never_cache
def case(request: Asked, invoice: str) -> HttpResponse:
    """Show one invoice, each line with the rule, the version and the sentence it rests on."""
    view = papers.invoice(id=invoice, by=request.actor, now=request.now)
    context = {
        "title": f"Invoice {view.number}",
        "crumbs": [Crumb("Invoices", reverse(HOME)), Crumb(view.number, mono=True)],
        "view": view,
        "agency": agencies.names({view.agency}).get(view.agency, ""),
        "names": people.names({view.issued_by}),
        "titles": TITLES,
        "credit_note": view.kind is PaperKind.CREDIT,
        "may_send": may(request.actor, "billing.issue"),
        "may_work": may(request.actor, "billing.work") and view.kind is PaperKind.INVOICE,
        "may_credit": may(request.actor, "billing.credit")
        and view.kind is PaperKind.INVOICE
        and view.state is not InvoiceState.CREDITED,
        "owes": view.state in papers.UNPAID,
    }
    return render(request, "billing/invoice.html", context)


@opens(read="billing.read")
@never_cache
def paper(request: Asked, invoice: str) -> HttpResponse:
    """Hand an invoice over as PDF."""
    view = papers.invoice(id=invoice, by=request.actor, now=request.now)
    guide = policy.version(view.guide_version, request.now)
    answer = HttpResponse(
        printing.printed(view, guide, remit_to=saying.pays_to(guide)), content_type="application/pdf"
    )
    answer["Content-Disposition"] = f'attachment; filename="{view.number}.pdf"'
    return answer


@opens(read="billing.read")
@never_cache
def export(request: Asked, form: str) -> HttpResponse:
    """Hand the list of invoices over, or the ledger's journal lines, as CSV or XLSX."""
    file = billing.export(
        what=request.GET.get("what", "invoices"), form=form, by=request.actor, now=request.now
    )
    answer = HttpResponse(file.content, content_type=file.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@opens(read="billing.issue", write="billing.issue")
@never_cache
def send(request: Asked, invoice: str) -> HttpResponse:
    """Send an invoice to the agency's office."""
    view = papers.invoice(id=invoice, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        billing.send(invoice=invoice, to=given["to"], by=request.actor, now=request.now)
        return _address(view)

    rows = [
        Row("What is sent", facts={"Number": view.number, "Total": view.total}),
        Row("Printed on it", verbatim=view.address),
    ]
    page = _page(view, "Send it", "Send", rows=rows)
    return acts.run(request, form=To(acts.posted(request)), page=page, do=do, done="It is on its way.")


@opens(read="billing.credit", write="billing.credit")
@never_cache
def credit(request: Asked, invoice: str) -> HttpResponse:
    """Take lines of an invoice back."""
    view = _invoice(request, invoice)

    def do(given: dict[str, Any]) -> HttpResponse:
        note = billing.credit(
            invoice=invoice, lines=given["lines"], reason=given["reason"], again=given["again"], by=request.actor, now=request.now
        )  # fmt: skip
        return redirect("billing:invoice", note.id)

    rows = [
        Row("What is corrected", facts={"Number": view.number, "Total": view.total, "Still owed": view.owed}),
        Row("What happens", text="A credit note with a number of its own is made. The invoice itself stays as it is."),
    ]  # fmt: skip
    page = _page(view, "Correct by a credit note", "Make the credit note", rows=rows, grave=True)
    return acts.run(
        request,
        form=Credit(acts.posted(request), view=view),
        page=page,
        do=do,
        done="The credit note is made.",
    )


@opens(read="billing.work", write="billing.work")
@never_cache
def dispute(request: Asked, invoice: str) -> HttpResponse:
    """Note that the agency disputes an invoice."""
    return _turn(
        request,
        invoice,
        billing.dispute,
        "The agency disputes it",
        "Note the dispute",
        "No reminder goes out meanwhile.",
    )


@opens(read="billing.work", write="billing.work")
@never_cache
def end_dispute(request: Asked, invoice: str) -> HttpResponse:
    """Note that a disputed invoice stands."""
    return _turn(
        request,
        invoice,
        billing.end_dispute,
        "The dispute is over",
        "The invoice stands",
        "Reminders go out again.",
    )


@opens(read="billing.credit", write="billing.credit")
@never_cache
def give_up(request: Asked, invoice: str) -> HttpResponse:
    """Give the rest of an invoice up."""
    return _turn(
        request,
        invoice,
        billing.give_up,
        "Give it up",
        "Give it up",
        "Nobody asks for the rest any more. A payment that still comes is taken.",
    )


@opens(read="billing.issue", write="billing.issue")
@never_cache
def statement(request: Asked, agency: str) -> HttpResponse:
    """Send an agency the list of its open invoices."""
    name = agencies.names({agency}).get(agency)
    if name is None:
        raise NotYours
    back = f"{reverse(HOME)}?agency={agency}"

    def do(given: dict[str, Any]) -> str:
        billing.send_statement(agency=agency, name=name, to=given["to"], by=request.actor, now=request.now)
        return back

    page = Page(
        title="Send a statement", heading=f"Statement for {name}", button="Send", back=back,
        lead="The open invoices that you may know of, with what is owed in all.",
        crumbs=[Crumb("Invoices", reverse(HOME)), Crumb("Statement")],
    )  # fmt: skip
    return acts.run(request, form=To(acts.posted(request)), page=page, do=do, done="It is on its way.")


def _turn(request: Asked, invoice: str, verb: Any, title: str, button: str, happens: str) -> HttpResponse:
    view = _invoice(request, invoice)

    def do(given: dict[str, Any]) -> str:
        verb(invoice=invoice, reason=given["reason"], by=request.actor, now=request.now)
        return _address(view)

    rows = [
        Row("About", facts={"Number": view.number, "Still owed": view.owed}),
        Row("What happens", text=happens),
    ]
    return acts.run(
        request,
        form=Reason(acts.posted(request)),
        page=_page(view, title, button, rows=rows),
        do=do,
        done="It is noted.",
    )


def _invoice(request: Asked, invoice: str) -> InvoiceView:
    view = papers.invoice(id=invoice, by=request.actor, now=request.now)
    if view.kind is not PaperKind.INVOICE:
        raise NotYours
    return view


def _page(view: InvoiceView, title: str, button: str, **more: Any) -> Page:
    crumbs = [Crumb("Invoices", reverse(HOME)), Crumb(view.number, _address(view), mono=True), Crumb(title)]
    return Page(title=title, button=button, back=_address(view), crumbs=crumbs, **more)


def _address(view: InvoiceView) -> str:
    return reverse("billing:invoice", args=[view.id])
