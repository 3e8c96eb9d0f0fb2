"""Accounts of targets that may end: the agency is asked to pay, pays, or the warning is settled (R-147)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance.operations import accounts
from tecum.surveillance.queries import trouble as queries
from tecum.surveillance.queries.trouble import WarningView
from tecum.web.acts import Page, Row, calls, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.switches.trouble import STATUS, among
from tecum.web.templatetags.frame import Crumb


class Ask(forms.Form):
    """Why the charges are asked for."""

    reason = forms.ChoiceField(label="Why", choices=list(accounts.REASONS.items()), widget=forms.RadioSelect)


@opens(read="trouble.work", write="trouble.work")
def ask_agency(request: Asked, warning: str) -> HttpResponse:
    """Ask the agency to pay the charges that keep an account active."""
    view = _warning(request, warning)
    rows = (
        _about(view),
        Row("What follows", "A letter by reference goes to the contact of the case (R-147). Nothing is agreed by mail alone: call back, then note the cost."),
    )  # fmt: skip
    page = _account_page(view, "Ask the agency to pay", "Send the letter", rows)
    return run(request, form=Ask(posted(request)), page=page, do=calls(request, accounts.ask_agency, warning=warning), done="The letter is on its way.")  # fmt: skip


class Pays(forms.Form):
    """What the agency pays."""

    reason = forms.ChoiceField(label="Why", choices=list(accounts.REASONS.items()), widget=forms.RadioSelect)
    amount = forms.DecimalField(label="Cost", min_value=0, decimal_places=2, max_digits=9)
    evidence = forms.CharField(label="The cost record", max_length=60, help_text="By what it is filed under.")


@opens(read="trouble.work", write="trouble.work")
def agency_pays(request: Asked, warning: str) -> HttpResponse:
    """Note the cost that the agency agreed to pay."""
    view = _warning(request, warning)
    currency = policy.at(request.now).carrier.currency

    def do(given: dict[str, Any]) -> None:
        cost = Money(given["amount"], currency)
        accounts.agency_pays(
            warning=warning, reason=given["reason"], cost=cost, evidence=given["evidence"], by=request.actor, now=request.now
        )  # fmt: skip

    rows = (
        _about(view),
        Row(
            "What follows",
            "The cost stands on the agency's invoice with its reason and record; the warning is settled.",
        ),
    )
    page = _account_page(view, "The agency pays", "Note the cost", rows)
    return run(request, form=Pays(posted(request)), page=page, do=do, done="Noted.")


class SettleAccount(forms.Form):
    """What follows from a warning."""

    how = forms.ChoiceField(
        label="What follows",
        choices=[
            ("agency_told", "The agency knows that the service ends"),
            ("stays_active", "Somebody who may decided that the account stays active"),
            ("ends_anyway", "The surveillance ends before the account does"),
        ],
        widget=forms.RadioSelect,
    )


@opens(read="trouble.work", write="trouble.work")
def settle_account(request: Asked, warning: str) -> HttpResponse:
    """Settle a warning about an account."""
    view = _warning(request, warning)
    page = _account_page(view, "Settle the warning", "Settle it", (_about(view),))
    return run(request, form=SettleAccount(posted(request)), page=page, do=calls(request, accounts.settle, warning=warning), done="Settled.")  # fmt: skip


def _warning(request: Asked, warning: str) -> WarningView:
    found = [each for each in queries.warnings(by=request.actor, now=request.now) if each.id == warning]
    if not found:
        raise NotYours
    return found[0]


def _about(view: WarningView) -> Row:
    until = f"{view.service_until:%-d %B %Y}" if view.service_until else "not known"
    return Row(
        "The account", facts={"Surveillance": f"{view.surveillance_reference}, target {view.place}", "Account": STATUS.get(view.status, view.status), "Service until": until}
    )  # fmt: skip


def _account_page(view: WarningView, title: str, button: str, rows: tuple[Row, ...]) -> Page:
    back = reverse("switches:tickets")
    return Page(
        title, button, back, f"{title}: {view.surveillance_reference}", "", rows, (among(), Crumb(title))
    )
