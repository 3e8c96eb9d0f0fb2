"""Productions at the desk: what is in each, releasing by two people, handing over, recalling."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.rules import may
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.agencies.rules import NumberView
from tecum.approvals import queries as approvals
from tecum.kernel import numbers, words
from tecum.policy import queries as policy
from tecum.production import operations as productions
from tecum.production import queries
from tecum.production.rules.views import Line, Opened, Receivers
from tecum.production.states import ProductionState
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Reason, Row
from tecum.web.gates import opens
from tecum.web.lists import page_of
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb, View

HOME = "desk:productions"
ACT = "production.release"
WAITING = (ProductionState.PREPARING, ProductionState.STOPPED, ProductionState.MADE)
SIGNS = {
    "PREPARING": ("ask", "Being made"),
    "STOPPED": ("no", "Stopped"),
    "MADE": ("to", "Made, not released"),
    "RELEASED": ("ok", "Released"),
    "VOID": ("no", "Void"),
    "RECALLED": ("no", "Recalled"),
    "FETCHED": ("ok", "Fetched"),
    "PURGED": ("no", "Taken away"),
}


STATEMENTS = {
    "certificate": "a certificate of business records, signed",
    "disclaimer": "a statement without a certificate, signed",
    "no_records": "a letter that nothing was found, and what was searched",
}


class ReceiversForm(forms.Form):
    """Whom it is for."""

    people = forms.MultipleChoiceField(
        label="People of the agency", required=False, widget=forms.CheckboxSelectMultiple
    )
    address = forms.BooleanField(label="The address on file, with a code by telephone", required=False)

    def __init__(self, *args: Any, choices: list[tuple[str, str]], address: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["people"].choices = choices  # type: ignore[attr-defined]
        if address:
            self.fields["address"].help_text = address
        else:
            del self.fields["address"]


class PersonForm(forms.Form):
    """Who gets it now."""

    person = forms.ChoiceField(label="Person")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["person"].choices = choices  # type: ignore[attr-defined]


class NumberForm(forms.Form):
    """Which number of the directory is called with the code."""

    number = forms.ChoiceField(label="Number of the agency in our directory that you will call")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["number"].choices = choices  # type: ignore[attr-defined]


@opens(read="production.read")
@never_cache
def queue(request: Asked) -> HttpResponse:
    """List productions: those that have not left first, or all."""
    everything = request.GET.get("show") == "all"
    states = () if everything else WAITING
    rows = page_of(queries.productions(by=request.actor, now=request.now, states=states), request)
    here = reverse(HOME)
    context = {
        "title": "Productions",
        "page": rows,
        "rows": [(row, SIGNS[row.state]) for row in rows],
        "names": people.names({row.prepared_by for row in rows}),
        "agencies": agencies.names({row.agency for row in rows}),
        "views": [
            View("Not left yet", here, None, not everything),
            View("All", f"{here}?show=all", None, everything),
        ],
    }
    return render(request, "desk/productions.html", context)


@opens(read="production.read")
@never_cache
def case(request: Asked, production: str) -> HttpResponse:
    """Show one production; that it was opened is recorded."""
    view = productions.open_production(production=production, by=request.actor, now=request.now)
    proposal = approvals.waiting(ACT, production)
    line = view.line
    refs = {line.prepared_by, line.released_by, line.ended_by, *view.wanted.people, *view.receivers.people}
    refs |= {each.person for each in view.handovers} | {each.issued_by for each in view.handovers}
    refs |= {fetched.by for each in view.handovers for fetched in each.downloads}
    refs |= {proposal.proposed_by} if proposal else set()
    mine = {line.prepared_by, proposal.proposed_by if proposal else ""}
    context = {
        "title": "Production",
        "crumbs": [Crumb("Productions", reverse(HOME)), Crumb(line.reference, mono=True)],
        "view": view,
        "sign": SIGNS[line.state],
        "names": people.names(refs - {""}),
        "products": {product.id: product.name for product in policy.at(request.now).products},
        "proposal": proposal,
        "may_release": may(request.actor, "production.release"),
        "may_approve": may(request.actor, "production.release") and request.actor.ref not in mine,
        "may_hand_over": may(request.actor, "production.hand_over") and line.out,
        "may_recall": may(request.actor, "production.recall"),
        "may_prepare": may(request.actor, "production.prepare"),
        "scope_stands": queries.scope_of(case=line.case) == view.scope,
    }
    return render(request, "desk/production.html", context)


@opens(read="production.release", write="production.release")
@never_cache
def propose(request: Asked, production: str) -> HttpResponse:
    """Propose to let it go."""
    view = queries.opened(id=production, by=request.actor, now=request.now)
    address = view.inputs.case.address
    form = ReceiversForm(acts.posted(request), choices=_officers(request, view), address=address)

    def do(given: dict[str, Any]) -> str:
        receivers = Receivers(tuple(sorted(given["people"])), address if given.get("address") else "")
        productions.propose_release(
            production=production, receivers=receivers, by=request.actor, now=request.now
        )
        return _address(view.line)

    page = _page(
        view,
        "Propose a release",
        f"Propose to release {view.line.reference}?",
        "Propose the release",
        rows=_what(view),
    )
    return acts.run(request, form=form, page=page, do=do, done="It waits for a second person.")


@opens(read="production.release", write="production.release")
@never_cache
def approve(request: Asked, production: str, approval: str) -> HttpResponse:
    """Let it go, as the second person."""
    view = queries.opened(id=production, by=request.actor, now=request.now)
    names = people.names(set(view.wanted.people))
    to = [names.get(each, each) for each in view.wanted.people]
    to += [f"{view.wanted.address}, with a code by telephone"] if view.wanted.address else []

    def do(_given: dict[str, Any]) -> str:
        productions.approve_release(
            production=production, approval=approval, by=request.actor, now=request.now
        )
        return _address(view.line)

    rows = [Row("To whom", points=to), *_what(view)]
    page = _page(
        view, "Release a production", f"Release {view.line.reference}?", "Release it", rows=rows, grave=True
    )
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="It is released. Hand it over now.",
    )


@opens(read="production.release", write="production.release")
@never_cache
def take_back(request: Asked, production: str, approval: str) -> HttpResponse:
    """Take a proposal back."""
    view = queries.opened(id=production, by=request.actor, now=request.now)

    def do(_given: dict[str, Any]) -> str:
        productions.withdraw_proposal(
            production=production, approval=approval, by=request.actor, now=request.now
        )
        return _address(view.line)

    rows = [Row("What happens", text="The proposal is void. The package stays as it is.")]
    page = _page(view, "Take a proposal back", "Take the proposal back?", "Take it back", rows=rows)
    return acts.run(request, form=Nothing(acts.posted(request)), page=page, do=do, done="It is taken back.")


@opens(read="production.hand_over", write="production.hand_over")
@never_cache
def hand_over(request: Asked, production: str) -> HttpResponse:
    """Hand it to a vetted account, for the first time or again."""
    view = queries.opened(id=production, by=request.actor, now=request.now)
    names = people.names(set(view.receivers.people))
    form = PersonForm(
        acts.posted(request), choices=[(each, names.get(each, each)) for each in view.receivers.people]
    )

    def do(given: dict[str, Any]) -> str:
        productions.hand_to_account(
            production=production, person=given["person"], by=request.actor, now=request.now
        )
        return _address(view.line)

    terms = policy.at(request.now).productions
    points = [
        "The person is told by mail that an answer is ready; the mail names the case by its reference only.",
        f"They sign in with their second factor and can fetch it for {terms.account_open}, "
        f"{terms.account_downloads} times at most. Each time is recorded first.",
        "An earlier offer to the same person ends.",
    ]
    page = _page(
        view,
        "Hand over",
        f"Hand {view.line.reference} over?",
        "Hand it over",
        rows=[Row("What happens", points=points)],
    )
    return acts.run(request, form=form, page=page, do=do, done="It is handed over.")


@opens(read="production.hand_over", write="production.hand_over")
@never_cache
def send_link(request: Asked, production: str) -> HttpResponse:
    """Send the address on file a link, and show the code once."""
    view = queries.opened(id=production, by=request.actor, now=request.now)
    form = NumberForm(
        acts.posted(request), choices=[(each.id, _shown(each)) for each in _numbers(request, view)]
    )

    def do(given: dict[str, Any]) -> HttpResponse:
        told = productions.hand_to_address(
            production=production, call_back=given["number"], by=request.actor, now=request.now
        )
        context = {"title": "Tell the code", "told": told, "line": view.line, "back": _address(view.line)}
        return render(request, "desk/production_code.html", context)

    points = [
        f"A link goes to {view.receivers.address}. It opens nothing without the code.",
        "You are shown the code once, and read it out by telephone to the number you choose. It is never mailed.",
        "An earlier link ends.",
    ]
    page = _page(
        view, "Send a link", f"Send a link to {view.line.reference}?", "Send the link and show me the code",
        rows=[Row("What happens", points=points)],
    )  # fmt: skip
    return acts.run(request, form=form, page=page, do=do)


@opens(read="production.recall", write="production.recall")
@never_cache
def end_offer(request: Asked, production: str, handover: str) -> HttpResponse:
    """End one offer."""
    view = queries.opened(id=production, by=request.actor, now=request.now)

    def do(_given: dict[str, Any]) -> str:
        productions.close_handover(handover=handover, by=request.actor, now=request.now)
        return _address(view.line)

    rows = [
        Row("What happens", text="It can no longer be fetched through this offer. The receiver is not told.")
    ]
    page = _page(view, "End an offer", "End this offer?", "End the offer", rows=rows)
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The offer has ended."
    )


@opens(read="production.recall", write="production.recall")
@never_cache
def recall(request: Asked, production: str) -> HttpResponse:
    """Recall what nobody fetched yet."""
    view = queries.opened(id=production, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        productions.recall(production=production, reason=given["reason"], by=request.actor, now=request.now)
        return _address(view.line)

    points = [
        "No offer of it opens any more.",
        "Whoever had one is told that it is recalled, and nothing of why.",
    ]
    page = _page(
        view,
        "Recall",
        f"Recall {view.line.reference}?",
        "Recall it",
        rows=[Row("What happens", points=points)],
        grave=True,
    )
    return acts.run(request, form=Reason(acts.posted(request)), page=page, do=do, done="It is recalled.")


@opens(read="production.prepare", write="production.prepare")
@never_cache
def withdraw(request: Asked, production: str) -> HttpResponse:
    """Withdraw what has not left."""
    view = queries.opened(id=production, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        productions.withdraw(production=production, reason=given["reason"], by=request.actor, now=request.now)
        return _address(view.line)

    rows = [Row("What happens", text="This package can never be released. Another one can be prepared.")]
    page = _page(view, "Withdraw", f"Withdraw {view.line.reference}?", "Withdraw it", rows=rows)
    return acts.run(request, form=Reason(acts.posted(request)), page=page, do=do, done="It is withdrawn.")


def _officers(request: Asked, view: Opened) -> list[tuple[str, str]]:
    """Return the people of the case's agency who may fetch something."""
    rows = people.people(by=request.actor, now=request.now)
    return [
        (each.ref, f"{each.name}, {each.email}")
        for each in rows
        if each.agency == view.line.agency and "le_user" in each.roles and each.standing == "ACTIVE"
    ]


def _numbers(request: Asked, view: Opened) -> list[NumberView]:
    entry = agencies.agency(id=view.line.agency, by=request.actor, now=request.now)
    return [each for each in entry.call_back_numbers if each.confirmed_at is not None]


def _shown(number: NumberView) -> str:
    return f"{numbers.grouped(number.number)}, {number.label}"


def _what(view: Opened) -> list[Row]:
    facts = {
        "Case": view.line.case_reference,
        "Process": view.inputs.case.process,
        "Agency": view.inputs.case.agency_name,
        "Statement": STATEMENTS.get(view.kind, view.kind.replace("_", " ")),
        "SHA-256 of the package": acts.grouped(view.sha256),
        "SHA-256 of the scope": acts.grouped(view.scope_digest),
    }
    files = [part.name for part in view.inputs.parts] or ["No record: a letter that says what was searched."]
    return [
        Row("What leaves", facts=facts),
        Row("Records", points=_records(view)),
        Row("Files", points=files),
    ]


def _records(view: Opened) -> list[str]:
    """Return each interval of each number with what became of it."""
    guide = policy.at(view.line.prepared_at)
    zone, names = guide.carrier.zone.tz, {each.id: each.name for each in guide.products}
    return [
        f"{numbers.grouped(each.number) if numbers.is_canonical(each.number) else each.number}, "
        f"{names.get(each.product, each.product)}, {words.moment(each.period.start, zone)} to "
        f"{words.moment(each.period.end, zone)}: {each.outcome.value.replace('_', ' ').lower()}"
        + (f", {each.rows:,} row{'' if each.rows == 1 else 's'}" if each.rows else "")
        + (f". {each.why}" if each.why else "")
        for each in view.inputs.coverage
    ]


def _page(view: Opened, title: str, heading: str, button: str, **more: Any) -> Page:
    crumbs = [
        Crumb("Productions", reverse(HOME)),
        Crumb(view.line.reference, _address(view.line), mono=True),
        Crumb(title),
    ]
    return Page(title=title, heading=heading, button=button, back=_address(view.line), crumbs=crumbs, **more)


def _address(line: Line) -> str:
    return reverse("desk:production", args=[line.id])
