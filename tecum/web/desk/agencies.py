"""The desk's pages about agencies: the directory, and every act on an entry."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from tecum.access.rules import may
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.agencies import operations, queries, rules
from tecum.agencies.rules import AgencyView
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.web import acts, lists
from tecum.web.acts import Nothing, Page, Reason, Row
from tecum.web.desk import forms
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


@opens(read="agency.read")
def queue(request: Asked) -> HttpResponse:
    """List the directory."""
    filter = forms.AgencyFilter(request.GET, auto_id="filter_%s")
    wanted = filter.cleaned_data if filter.is_valid() else {}
    page = lists.page_of(queries.agencies(by=request.actor, now=request.now, **wanted), request)
    context = {
        "title": "Agencies",
        "filter": filter,
        "page": page,
        "may_create": may(request.actor, "agency.create"),
    }
    return render(request, "desk/agencies.html", context)


@opens(read="agency.create", write="agency.create")
def create(request: Asked) -> HttpResponse:
    """Enter an agency."""

    def do(given: dict[str, Any]) -> str:
        domain = given.pop("domain")
        return _address(
            operations.create_agency(
                domains=[domain] if domain else [], by=request.actor, now=request.now, **given
            )
        )

    page = Page(
        title="Enter an agency",
        lead="Of the United States or Canada (R-001). Officers' addresses must lie in a domain verified for it.",
        button="Enter the agency",
        back=reverse("desk:agencies"),
        crumbs=[Crumb("Agencies", reverse("desk:agencies")), Crumb("Enter")],
    )
    return acts.run(
        request, form=forms.NewAgency(acts.posted(request)), page=page, do=do, done="The agency is entered."
    )


@opens(read="agency.read")
def case(request: Asked, agency: str) -> HttpResponse:
    """Show one agency and what can be done."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    refs = {number.proposed_by for number in found.call_back_numbers} | {found.standing_by}
    fresh = {
        number.id
        for number in found.call_back_numbers
        if number.confirmed_at and rules.fresh(confirmed_at=number.confirmed_at, now=request.now)
    }
    context = {
        "title": "Agency",
        "crumbs": [Crumb("Agencies", reverse("desk:agencies")), Crumb(found.name)],
        "agency": found,
        "place": rules.place_name(country=found.country, subdivision=found.subdivision),
        "who": people.names(refs),
        "fresh": fresh,
        "people": people.people(by=request.actor, now=request.now, agency=agency)
        if may(request.actor, "person.read")
        else [],
        "contacts": queries.contacts(agency=agency, by=request.actor, now=request.now),
        "me": request.actor.ref,
        "may": {
            name: may(request.actor, f"agency.{name}")
            for name in ("change", "call_back", "contact", "suspend", "reinstate")
        },
        "may_create_person": may(request.actor, "person.create"),
    }
    return render(request, "desk/agency.html", context)


@opens(read="agency.change", write="agency.change")
def change(request: Asked, agency: str) -> HttpResponse:
    """Correct an entry."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    initial = {name: getattr(found, name) for name in forms.AgencyFacts.base_fields}

    def do(given: dict[str, Any]) -> str:
        return _address(operations.change_agency(agency=agency, by=request.actor, now=request.now, **given))

    page = _page(found, title="Correct an agency's entry", button="Keep the corrections")
    form = forms.AgencyFacts(acts.posted(request), initial=initial)
    return acts.run(request, form=form, page=page, do=do, done="The entry is corrected.")


@opens(read="agency.change", write="agency.change")
def add_domain(request: Asked, agency: str) -> HttpResponse:
    """Record a verified mail domain."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        operations.add_domain(agency=agency, by=request.actor, now=request.now, **given)
        return _address(found)

    page = _page(
        found,
        title="Verify a mail domain",
        button="Record the domain as verified",
        lead="Whoever writes from this domain can be entered as an officer of this agency.",
    )
    return acts.run(
        request, form=forms.NewDomain(acts.posted(request)), page=page, do=do, done="The domain is recorded."
    )


@opens(read="agency.change", write="agency.change")
def remove_domain(request: Asked, agency: str, domain: str) -> HttpResponse:
    """Take a mail domain away."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    if domain not in found.domains:
        raise NotYours

    def do(_: dict[str, Any]) -> str:
        operations.remove_domain(agency=agency, domain=domain, by=request.actor, now=request.now)
        return _address(found)

    rows = [
        Row(
            "What happens",
            text=f"No new officer with an address in {domain} can be entered. People who have accounts keep them.",
        )
    ]
    page = _page(found, title="Remove a mail domain", button=f"Remove {domain}", rows=rows, grave=True)
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The domain is removed."
    )


@opens(read="agency.call_back", write="agency.call_back")
def propose(request: Asked, agency: str) -> HttpResponse:
    """Propose a call-back number."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        operations.propose_call_back_number(agency=agency, by=request.actor, now=request.now, **given)
        return _address(found)

    page = _page(
        found,
        title="Propose a call-back number",
        button="Propose the number",
        lead="A second person confirms it. For 72 hours after that it does not stand alone in an emergency.",
    )
    return acts.run(
        request,
        form=forms.NewCallBack(acts.posted(request)),
        page=page,
        do=do,
        done="The number waits for a second person.",
    )


@opens(read="agency.call_back", write="agency.call_back")
def confirm(request: Asked, agency: str, entry: str) -> HttpResponse:
    """Confirm a call-back number as a second person."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    facts = _facts(found, entry)

    def do(_: dict[str, Any]) -> str:
        operations.confirm_call_back_number(entry=entry, by=request.actor, now=request.now)
        return _address(found)

    rows = [
        Row("The number", facts=facts),
        Row(
            "What you confirm",
            text="You looked the number up in that source, or another one that is not the proposer's word, and it is the agency's.",
        ),
    ]
    page = _page(found, title="Confirm a call-back number", button="Confirm the number", rows=rows)
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="The number stands in the directory.",
    )


@opens(read="agency.call_back", write="agency.call_back")
def strike(request: Asked, agency: str, entry: str) -> HttpResponse:
    """Strike a call-back number."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    facts = _facts(found, entry)

    def do(_: dict[str, Any]) -> str:
        operations.end_call_back_number(entry=entry, by=request.actor, now=request.now)
        return _address(found)

    rows = [
        Row("The number", facts=facts),
        Row("What happens", text="Nobody is called back on it any more. The entry is kept as ended."),
    ]
    page = _page(found, title="Strike a call-back number", button="Strike the number", rows=rows, grave=True)
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The number is struck."
    )


@opens(read="agency.suspend", write="agency.suspend")
def suspend(request: Asked, agency: str) -> HttpResponse:
    """Keep an agency and all its people out."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        return _address(accounts.suspend_agency(agency=agency, by=request.actor, now=request.now, **given))

    rows = [Row("What happens", points=[
        "All its people are signed out, now. What they have in flight fails.",
        "They cannot sign in until the agency is let in again. Their accounts are kept as they are.",
    ])]  # fmt: skip
    page = _page(
        found,
        title="Suspend an agency",
        heading=f"Suspend {found.name}?",
        button="Suspend the agency and all its people",
        rows=rows,
        grave=True,
    )
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The agency is suspended."
    )


@opens(read="agency.reinstate", write="agency.reinstate")
def reinstate(request: Asked, agency: str) -> HttpResponse:
    """Let an agency's people in again."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        return _address(operations.reinstate_agency(agency=agency, by=request.actor, now=request.now))

    rows = [
        Row("Suspended because", text=found.standing_reason),
        Row("What happens", text="Its people may sign in again, except those who are suspended themselves."),
    ]
    page = _page(
        found,
        title="Let an agency in again",
        heading=f"Let {found.name} in again?",
        button="Let the agency in again",
        rows=rows,
    )
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="The agency's people may sign in again.",
    )


def _page(found: AgencyView, *, title: str, **more: Any) -> Page:
    crumbs = [Crumb("Agencies", reverse("desk:agencies")), Crumb(found.name, _address(found)), Crumb(title)]
    return Page(title=title, back=_address(found), crumbs=crumbs, **more)


def _address(found: AgencyView) -> str:
    return reverse("desk:agency", args=[found.id])


def _facts(found: AgencyView, entry: str) -> dict[str, Any]:
    number = next((each for each in found.call_back_numbers if each.id == entry), None)
    if number is None:
        raise NotYours
    return {
        "Agency": found.name,
        "Number": numbers.grouped(number.number),
        "Desk": number.label,
        "Source": number.source,
        "Proposed by": people.names({number.proposed_by}).get(number.proposed_by, number.proposed_by),
    }
