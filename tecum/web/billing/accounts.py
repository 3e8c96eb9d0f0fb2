"""What waits to be invoiced, and the account of one case: every fact, what it costs and why."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.agencies import queries as agencies
from tecum.billing import operations as billing
from tecum.billing.queries import account, papers
from tecum.billing.queries.account import BillView, FactLine
from tecum.billing.rules.pricing import Charge
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "billing:queue"
SHOWN = {"ready": "Concluded", "open": "Goes on"}


class Known(forms.Form):
    """What is known about the price of a case."""

    circumstances = forms.MultipleChoiceField(
        label="Circumstances that hold", required=False, widget=forms.CheckboxSelectMultiple
    )
    address = forms.CharField(
        label="Where the invoice goes",
        help_text="As the agency verified it on the receipt.",
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=600,
    )
    reference = forms.CharField(label="The agency’s own reference", required=False, max_length=120)

    def __init__(self, *words: Any, choices: tuple[str, ...], **more: Any) -> None:
        super().__init__(*words, **more)
        field = self.fields["circumstances"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101
        field.choices = [(each, each.replace("_", " ")) for each in choices]
        if not choices:
            del self.fields["circumstances"]


class Span(forms.Form):
    """The days that figures are about."""

    since = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="Until, not with", widget=forms.DateInput(attrs={"type": "date"}))


@opens(read="billing.read")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List the cases with something to invoice, those concluded first."""
    by, now = request.actor, request.now
    show = request.GET.get("show", "ready")
    ready = show != "open"
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() else 1
    lines, found, last = papers.unbilled(by=by, now=now, ready=ready, page=page)
    context = {
        "title": "To invoice",
        "lines": lines,
        "found": found,
        "number": page,
        "last": last,
        "names": agencies.names({line.account.agency for line in lines}),
        "views": [
            View(label, f"{reverse(HOME)}?show={name}", None, (name == "ready") == ready)
            for name, label in SHOWN.items()
        ],
        "may_issue": may(by, "billing.issue") and ready and lines,
        "show": "ready" if ready else "open",
    }
    return render(request, "billing/queue.html", context)


@opens(read="billing.issue", write="billing.issue")
@never_cache
def issue_all(request: Asked) -> HttpResponse:
    """Invoice every concluded case of the first page of the list, each by itself."""
    lines, found, _ = papers.unbilled(by=request.actor, now=request.now)
    chosen = [line.account.case for line in lines]

    def do(given: dict[str, Any]) -> str:
        made = billing.issue_many(chosen=chosen, by=request.actor, now=request.now)
        said = f"{len(made.invoices)} invoices made, {made.settled_free} cases settled without one."
        if made.left:
            why = next(iter(made.left.values()))
            messages.warning(
                request, f"{len(made.left)} cases were left as they are; the first because: {why}"
            )
        messages.success(request, said)
        return reverse("billing:invoices") if made.invoices else reverse(HOME)

    rows = [
        Row("What happens", points=[
            f"Each of these {len(chosen)} concluded cases ({found} wait in all) is invoiced by itself.",
            "A case that lacks an address, or has a fact without a price, is left and named.",
            "Nothing is sent: each invoice is sent from its own page.",
        ]),
    ]  # fmt: skip
    page = Page(
        title="Invoice what is concluded", button="Make the invoices", back=reverse(HOME), rows=rows,
        crumbs=[Crumb("To invoice", reverse(HOME)), Crumb("All")],
    )  # fmt: skip
    return acts.run(request, form=acts.Nothing(acts.posted(request)), page=page, do=do)


@opens(read="billing.read")
@never_cache
def figures(request: Asked) -> HttpResponse:
    """Show what was invoiced, by product and process, what was waived and why, and what is owed."""
    guide = policy.at(request.now)
    today = request.now.astimezone(guide.carrier.zone.tz).date()
    year = {"since": date(today.year, 1, 1), "until": date(today.year + 1, 1, 1)}
    form = Span(request.GET or year, auto_id="filter_%s")
    span = form.cleaned_data if form.is_valid() else year
    found = papers.figures(
        by=request.actor, now=request.now, since=span["since"], until=span["until"], on=today,
        currency=guide.carrier.currency,
    )  # fmt: skip
    most = max([money.cents for _, money in found.by_product] or [1])
    bars = [
        (name, money, round(100 * money.cents / most) if most > 0 else 0) for name, money in found.by_product
    ]
    context = {"title": "Figures of billing", "filter": form, "figures": found, "bars": bars, "span": span}
    return render(request, "billing/figures.html", context)


@opens(read="billing.read")
@never_cache
def bill(request: Asked, case: str) -> HttpResponse:
    """Show the account of a case."""
    view = account.bill(case=case, by=request.actor, now=request.now)
    context = {
        "title": f"Account {view.account.reference}",
        "crumbs": [Crumb("To invoice", reverse(HOME)), Crumb(view.account.reference, mono=True)],
        "view": view,
        "lacking": account.unready(view, policy.at(request.now)),
        "may_work": may(request.actor, "billing.work"),
        "may_issue": may(request.actor, "billing.issue"),
        "may_waive": may(request.actor, "billing.waive"),
        "by_hand": account.BY_HAND,
    }
    return render(request, "billing/bill.html", context)


@opens(read="billing.work", write="billing.work")
@never_cache
def change(request: Asked, case: str) -> HttpResponse:
    """Write down circumstances, address and reference."""
    view = account.bill(case=case, by=request.actor, now=request.now)
    known = account.known_circumstances(now=request.now)
    initial = {
        "circumstances": sorted(view.about.circumstances), "address": view.address, "reference": view.reference
    }  # fmt: skip
    form = Known(acts.posted(request), initial=initial, choices=known)

    def do(given: dict[str, Any]) -> str:
        billing.change(
            case=case, circumstances=given.get("circumstances", ()), address=given["address"],
            reference=given["reference"], by=request.actor, now=request.now,
        )  # fmt: skip
        return _address(view)

    page = _page(view, "What the price rests on", "Keep this")
    return acts.run(
        request, form=form, page=page, do=do, done="It is kept, and the account is computed anew."
    )


@opens(read="billing.issue", write="billing.issue")
@never_cache
def issue(request: Asked, case: str) -> HttpResponse:
    """Make the invoice of a case, after repeating what will stand on it."""
    view = account.bill(case=case, by=request.actor, now=request.now)
    charges = [charge for line in view.to_settle for charge in line.charges]

    def do(given: dict[str, Any]) -> HttpResponse:
        made = billing.issue(case=case, by=request.actor, now=request.now)
        if made is None:
            messages.success(
                request, "Everything was free or waived: it is settled, and there is no invoice."
            )
            return redirect(_address(view))
        messages.success(request, f"Invoice {made.number} is made. It is not sent yet.")
        return redirect("billing:invoice", made.id)

    rows = [
        Row("What stands on it", points=[f"{charge.label}: {charge.amount}{_waived(charge)}" for charge in charges] or ["Nothing: every open fact is free."]),
        Row("In all", text=str(view.unbilled)),
        Row("To", verbatim=view.address),
        Row("What happens", text="The lines are frozen and numbered. What is wrong later is corrected by a credit note."),
    ]  # fmt: skip
    return acts.run(
        request, form=acts.Nothing(acts.posted(request)), page=_page(view, "Make the invoice", "Make the invoice", rows=rows),
        do=do,
    )  # fmt: skip


@opens(read="billing.waive", write="billing.waive")
@never_cache
def waive(request: Asked, case: str, fact: str, fee: str) -> HttpResponse:
    """Waive one charge."""
    view, charge = _charge(request, case, fact, fee)

    def do(given: dict[str, Any]) -> str:
        billing.waive(
            case=case, fact=fact, fee=fee, reason=given["reason"], by=request.actor, now=request.now
        )
        return _address(view)

    rows = [Row("What is waived", facts={"Charge": charge.label, "Amount": charge.amount})]
    page = _page(view, "Waive a charge", "Waive it", rows=rows)
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The charge is waived."
    )


@opens(read="billing.waive", write="billing.waive")
@never_cache
def charge_again(request: Asked, case: str, fact: str, fee: str) -> HttpResponse:
    """Take a waiver back."""
    view, charge = _charge(request, case, fact, fee)

    def do(given: dict[str, Any]) -> str:
        billing.charge_again(case=case, fact=fact, fee=fee, by=request.actor, now=request.now)
        return _address(view)

    rows = [Row("What is charged", facts={"Charge": charge.label, "Amount": charge.full})]
    page = _page(view, "Take a waiver back", "Charge it", rows=rows)
    return acts.run(request, form=acts.Nothing(acts.posted(request)), page=page, do=do, done="It is charged.")


def _charge(request: Asked, case: str, fact: str, fee: str) -> tuple[BillView, Charge]:
    view = account.bill(case=case, by=request.actor, now=request.now)
    found = [each for line in _lines(view, fact) for each in line.charges if each.fee == fee]
    if not found:
        raise NotYours
    return view, found[0]


def _lines(view: BillView, fact: str) -> list[FactLine]:
    return [line for line in view.facts if line.fact.id == fact]


def _waived(charge: Charge) -> str:
    return f" (waived: {charge.waiver_label})" if charge.waiver else ""


def _page(view: BillView, title: str, button: str, rows: Any = ()) -> Page:
    crumbs = [
        Crumb("To invoice", reverse(HOME)),
        Crumb(view.account.reference, _address(view), mono=True),
        Crumb(title),
    ]
    return Page(title=title, button=button, back=_address(view), crumbs=crumbs, rows=rows)


def _address(view: BillView) -> str:
    return reverse("billing:bill", args=[view.account.case])
