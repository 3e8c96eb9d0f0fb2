"""The register of an agency's contacts (R-072 to R-074): named by one person, confirmed by another who called back."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.agencies import operations, queries
from tecum.agencies.rules import AgencyView, ContactView
from tecum.kernel import numbers
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web import acts
from tecum.web.acts import Nothing, Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


class NewContact(forms.Form):
    """A person whom the agency names."""

    desk = forms.ChoiceField(label="Speaks for the agency with")
    name = forms.CharField(label="Name", max_length=120)
    title = forms.CharField(label="Title", max_length=120, required=False)
    email = forms.EmailField(label="E-mail", max_length=254, required=False)
    phone = forms.CharField(label="Telephone", max_length=40, required=False)
    source = forms.CharField(label="Who named this person, and how", max_length=300)

    def __init__(self, *args: Any, desks: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["desk"].choices = desks  # type: ignore[attr-defined]


class Called(forms.Form):
    """The number of the directory that was called."""

    called = forms.ChoiceField(label="You called the agency back at", widget=forms.RadioSelect)

    def __init__(self, *args: Any, known: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["called"].choices = known  # type: ignore[attr-defined]


@opens(read="agency.contact", write="agency.contact")
def propose(request: Asked, agency: str) -> HttpResponse:
    """Propose a contact."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    desks = [(each.id, each.name) for each in policy.at(request.now).desks]

    def do(given: dict[str, Any]) -> str:
        operations.propose_contact(agency=agency, by=request.actor, now=request.now, **given)
        return _address(found)

    lead = "A second person calls the agency and confirms it. From the first confirmed name on, only named people are honoured."
    page = _page(found, title="Name a contact", button="Propose the contact", lead=lead)
    form = NewContact(acts.posted(request), desks=desks)
    return acts.run(request, form=form, page=page, do=do, done="The contact waits for a second person.")


@opens(read="agency.contact", write="agency.contact")
def confirm(request: Asked, agency: str, entry: str) -> HttpResponse:
    """Confirm a contact, as a second person who called back."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)
    known = [
        (each.id, f"{numbers.grouped(each.number)}, {each.label}")
        for each in found.call_back_numbers
        if not each.waits
    ]

    def do(given: dict[str, Any]) -> str:
        operations.confirm_contact(entry=entry, called=given["called"], by=request.actor, now=request.now)
        return _address(found)

    rows = [Row("The contact", facts=_facts(_entry(request, agency, entry)))]
    page = _page(found, title="Confirm a contact", button="Confirm the contact", rows=rows)
    form = Called(acts.posted(request), known=known)
    return acts.run(request, form=form, page=page, do=do, done="The contact stands in the register.")


@opens(read="agency.contact", write="agency.contact")
def strike(request: Asked, agency: str, entry: str) -> HttpResponse:
    """Strike a contact."""
    found = queries.agency(id=agency, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        operations.end_contact(entry=entry, by=request.actor, now=request.now)
        return _address(found)

    rows = [
        Row("The contact", facts=_facts(_entry(request, agency, entry))),
        Row("What happens", "This person is not honoured any more. With the last name struck, nobody is."),
    ]
    page = _page(found, title="Strike a contact", button="Strike the contact", rows=rows, grave=True)
    form = Nothing(acts.posted(request))
    return acts.run(request, form=form, page=page, do=do, done="The contact is struck.")


def _entry(request: Asked, agency: str, entry: str) -> ContactView:
    for each in queries.contacts(agency=agency, by=request.actor, now=request.now):
        if each.id == entry:
            return each
    raise NotYours


def _facts(each: ContactView) -> dict[str, str]:
    phone = numbers.grouped(each.phone) if each.phone else ""
    said = {
        "Name": each.name,
        "Title": each.title,
        "Desk": each.desk,
        "E-mail": each.email,
        "Telephone": phone,
    }
    return {name: value for name, value in {**said, "Named by": each.source}.items() if value}


def _page(found: AgencyView, *, title: str, **more: Any) -> Page:
    crumbs = [Crumb("Agencies", reverse("desk:agencies")), Crumb(found.name, _address(found)), Crumb(title)]
    return Page(title=title, back=_address(found), crumbs=crumbs, **more)


def _address(found: AgencyView) -> str:
    return reverse("desk:agency", args=[found.id])
