"""The desk's pages about people: who holds an account, and every act on one."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.access.catalogue import ROLES
from tecum.access.rules import may
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.rules import PersonView
from tecum.agencies import queries as agencies
from tecum.customers import queries as customers
from tecum.kernel.actors import Actor
from tecum.policy import queries as policy
from tecum.web import acts, lists
from tecum.web.acts import Nothing, Page, Reason, Row
from tecum.web.desk import forms
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb

GRANT = "role.grant|role.grant_staff"


@opens(read="person.read")
def queue(request: Asked) -> HttpResponse:
    """List the people who hold accounts."""
    filter = forms.PeopleFilter(request.GET, auto_id="filter_%s")
    wanted = filter.cleaned_data if filter.is_valid() else {}
    found = people.people(by=request.actor, now=request.now, **wanted)
    page = lists.page_of(found, request)
    parties = _parties(page.object_list)
    rows = [(each, _titles(each), parties.get(each.agency or each.customer, "")) for each in page.object_list]
    context = {
        "title": "People",
        "filter": filter,
        "page": page,
        "rows": rows,
        "may_create": may(request.actor, "person.create"),
        "signs": len(people.signs(by=request.actor, now=request.now))
        if may(request.actor, "person.signs")
        else None,
    }
    return render(request, "desk/people.html", context)


@opens(read="person.create", write="person.create")
def create(request: Asked) -> HttpResponse:
    """Create an account."""
    by, now = request.actor, request.now
    form = forms.NewPerson(
        acts.posted(request),
        grantable=grantable(by),
        agencies=_directory(by, now),
        customers=_customers(by, now),
        initial={"agency": request.GET.get("agency", ""), "customer": request.GET.get("customer", "")},
    )

    def do(given: dict[str, Any]) -> str:
        role = given.pop("role")
        return _address(accounts.create_person(roles=[role], by=by, now=now, **given))

    return acts.run(
        request,
        form=form,
        page=Page(
            title="Create an account",
            lead="For one person (R-005). It opens nothing until a link has set its password and a second factor is added.",
            button="Create the account",
            back=reverse("desk:people"),
            crumbs=[Crumb("People", reverse("desk:people")), Crumb("Create")],
        ),
        do=do,
        done="The account is created. Issue the link that sets its password.",
    )


@opens(read="person.read")
def case(request: Asked, person: str) -> HttpResponse:
    """Show one person: who they are here, and what can be done."""
    who = people.person(id=person, by=request.actor, now=request.now)
    own = who.ref == request.actor.ref
    context = {
        "title": "Person",
        "crumbs": [Crumb("People", reverse("desk:people")), Crumb(who.name)],
        "person": who,
        "party": _parties([who]).get(who.agency or who.customer, ""),
        "roles": [(role, ROLES[role].title, ROLES[role].granted_with) for role in who.roles],
        "factors": people.factors(person=who.id),
        "attestations": people.attestations(person=who.id, by=request.actor, now=request.now)[:4],
        "lapsed": who.attested_until is not None and request.now >= who.attested_until,
        "signs": _signs(request, who),
        "proof": people.proof_waiting(person=who.id, now=request.now),
        "link_until": people.link_waiting(person=who.id, now=request.now),
        "own": own,
        "may": {
            name: not own and may(request.actor, f"person.{name}")
            for name in ("suspend", "reinstate", "link", "reset", "attest_for", "address")
        },
        "may_rewind": not own and may(request.actor, "breach.manage"),
        "may_change": may(request.actor, "person.change"),
        "may_grant": not own and bool(grantable(request.actor)),
    }
    return render(request, "desk/person.html", context)


@opens(read="person.change", write="person.change")
def change(request: Asked, person: str) -> HttpResponse:
    """Correct what is recorded of a person."""
    who = people.person(id=person, by=request.actor, now=request.now)
    names = list(forms.PersonFacts.base_fields)
    form = forms.PersonFacts(acts.posted(request), initial={name: getattr(who, name) for name in names})

    def do(given: dict[str, Any]) -> str:
        return _address(accounts.change_person(person=person, by=request.actor, now=request.now, **given))

    page = _page(
        who,
        title="Correct a person's entry",
        heading=f"Correct the entry of {who.name}",
        button="Keep the corrections",
    )
    return acts.run(request, form=form, page=page, do=do, done="The entry is corrected.")


@opens(read="person.link", write="person.link")
@never_cache
def link(request: Asked, person: str) -> HttpResponse:
    """Issue a link that sets the password, and show it once."""
    who = people.person(id=person, by=request.actor, now=request.now)
    waiting = people.link_waiting(person=person, now=request.now)

    def do(_: dict[str, Any]) -> HttpResponse:
        issued = accounts.issue_link(person=person, by=request.actor, now=request.now)
        address = settings.PUBLIC_ADDRESS + reverse("set_password", args=[issued.token])
        crumbs = [Crumb("People", reverse("desk:people")), Crumb(who.name, _address(who)), Crumb("Link")]
        context = {
            "title": "Link issued",
            "crumbs": crumbs,
            "person": who,
            "address": address,
            "until": issued.expires_at,
        }
        return render(request, "desk/link.html", context)

    rows = [
        Row("What happens", points=[
            "A link is made that sets the password once. It is shown to you once and kept nowhere.",
            f"It is good for {policy.at(request.now).link_life} from now (R-066).",
            "The link before it stops working." if waiting else "No other link is open.",
        ]),
        Row("To whom", facts={"Person": who.name, "User name": who.email}),
        Row("How to hand it over", text="By a channel you trust to reach this person and nobody else."),
    ]  # fmt: skip
    page = _page(
        who, title="Issue a link", heading=f"Issue a link to {who.name}?", button="Issue the link", rows=rows
    )
    return acts.run(request, form=Nothing(acts.posted(request)), page=page, do=do)


@opens(read="person.suspend", write="person.suspend")
def suspend(request: Asked, person: str) -> HttpResponse:
    """Keep a person out."""
    who = people.person(id=person, by=request.actor, now=request.now)

    def do(given: dict[str, Any]) -> str:
        return _address(accounts.suspend_person(person=person, by=request.actor, now=request.now, **given))

    rows = [Row("What happens", points=[
        "They are signed out everywhere, now. What they have in flight fails.",
        "An open link to set the password stops working.",
        "Nothing they did before changes; the trail keeps it.",
    ])]  # fmt: skip
    page = _page(
        who,
        title="Suspend a person",
        heading=f"Suspend {who.name}?",
        button=f"Suspend {who.name}",
        rows=rows,
        grave=True,
    )
    return acts.run(
        request, form=Reason(acts.posted(request)), page=page, do=do, done="The person is suspended."
    )


@opens(read="person.reinstate", write="person.reinstate")
def reinstate(request: Asked, person: str) -> HttpResponse:
    """Let a suspended person in again."""
    who = people.person(id=person, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        return _address(accounts.reinstate_person(person=person, by=request.actor, now=request.now))

    rows = [
        Row("Suspended because", text=who.standing_reason),
        Row(
            "What happens",
            text="They may sign in again with the password and second factor they had, and hold the roles they had.",
        ),
    ]
    page = _page(
        who,
        title="Let a person in again",
        heading=f"Let {who.name} in again?",
        button=f"Let {who.name} in again",
        rows=rows,
    )
    return acts.run(
        request, form=Nothing(acts.posted(request)), page=page, do=do, done="The person may sign in again."
    )


@opens(read="person.reset", write="person.reset")
def reset(request: Asked, person: str) -> HttpResponse:
    """Take the password and second factors away, because a device was lost."""
    who = people.person(id=person, by=request.actor, now=request.now)

    def do(_: dict[str, Any]) -> str:
        accounts.reset_sign_in(person=person, by=request.actor, now=request.now)
        return reverse("desk:person_link", args=[person])

    rows = [
        Row("Before you do it", text="Call the person back on the agency's number. Somebody who only says that a device is lost may be somebody else."),
        Row("What happens", points=[
            "Password, second factors and recovery codes are removed. They are signed out everywhere.",
            "A new link begins afresh: password first, then a second factor.",
        ]),
    ]  # fmt: skip
    page = _page(
        who,
        title="Reset a sign-in",
        heading=f"Reset the sign-in of {who.name}?",
        button="Reset the sign-in",
        rows=rows,
        grave=True,
    )
    return acts.run(
        request,
        form=Nothing(acts.posted(request)),
        page=page,
        do=do,
        done="The sign-in is reset. Issue a new link.",
    )


@opens(read=GRANT, write=GRANT)
def grant(request: Asked, person: str) -> HttpResponse:
    """Give a person a role."""
    who = people.person(id=person, by=request.actor, now=request.now)
    form = forms.NewRole(
        acts.posted(request), grantable=[role for role in grantable(request.actor) if role not in who.roles]
    )

    def do(given: dict[str, Any]) -> str:
        return _address(
            accounts.grant_role(person=person, role=given["role"], by=request.actor, now=request.now)
        )

    page = _page(
        who,
        title="Give a role",
        heading=f"Give {who.name} a role",
        button="Give the role",
        lead="It counts from their next request.",
    )
    return acts.run(request, form=form, page=page, do=do, done="The role is given.")


@opens(read=GRANT, write=GRANT)
def end_role(request: Asked, person: str, role: str) -> HttpResponse:
    """Take a role from a person."""
    who = people.person(id=person, by=request.actor, now=request.now)
    title = ROLES[role].title if role in ROLES else role

    def do(_: dict[str, Any]) -> str:
        return _address(accounts.end_role(person=person, role=role, by=request.actor, now=request.now))

    rows = [
        Row(
            "What happens",
            text=f"{who.name} is no {title.lower()} any more, at once, for requests in flight too.",
        )
    ]
    page = _page(
        who,
        title="End a role",
        heading=f"End the role {title} of {who.name}?",
        button=f"End the role {title}",
        rows=rows,
        grave=True,
    )
    return acts.run(request, form=Nothing(acts.posted(request)), page=page, do=do, done="The role is ended.")


def _signs(request: Asked, who: PersonView) -> int:
    """Count the signs of shared use that nobody has looked into."""
    if not may(request.actor, "person.signs"):
        return 0
    return len(people.signs(by=request.actor, now=request.now, person=who.id))


def grantable(by: Actor) -> list[str]:
    """Return the roles this actor may give."""
    return [role.name for role in ROLES.values() if may(by, role.granted_with)]


def _page(who: PersonView, *, title: str, **more: Any) -> Page:
    crumbs = [Crumb("People", reverse("desk:people")), Crumb(who.name, _address(who)), Crumb(title)]
    return Page(title=title, back=_address(who), crumbs=crumbs, **more)


def _address(who: PersonView) -> str:
    return reverse("desk:person", args=[who.id])


def _titles(who: PersonView) -> str:
    return ", ".join(ROLES[role].title for role in who.roles)


def _parties(found: Any) -> dict[str, str]:
    """Return the name of each person's agency or customer."""
    cards = customers.cards({each.customer for each in found if each.customer})
    named = {id: card.legal_name for id, card in cards.items()}
    return {**agencies.names({each.agency for each in found if each.agency}), **named}


def _directory(by: Actor, now: Any) -> dict[str, str]:
    if not may(by, "agency.read"):
        return {}
    return {
        each.id: f"{each.name} ({each.subdivision})"
        for each in agencies.agencies(by=by, now=now, standing="ACTIVE")
    }


def _customers(by: Actor, now: Any) -> dict[str, str]:
    if not may(by, "customer.read"):
        return {}
    return {
        each.id: f"{each.name} ({each.id})" for each in customers.customers(by=by, now=now, standing="ACTIVE")
    }
