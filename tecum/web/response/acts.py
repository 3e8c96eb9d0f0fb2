"""What is done to one demand, one page for each act: it repeats what will happen, and the letter before it is sent."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.cases import queries as files
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.queries import DemandView
from tecum.kernel import numbers
from tecum.policy import queries as policy
from tecum.process import operations as process
from tecum.process import queries as received_queries
from tecum.process.queries import PaperText
from tecum.web.acts import Nothing, Page, Reason, Row, calls, pages, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.forms import Confirm, Deficient, Despite, Join, Objection, Withdrawal
from tecum.web.response.papers import Sheet, sheet


@dataclass(frozen=True)
class Beside(Page):
    """A form with the paper beside it."""

    sheet: Sheet | None = None
    papers: tuple[PaperText, ...] = ()

    @property
    def template(self) -> str:
        """The paper stands on the left."""
        return "response/confirm.html"


def at_demand(request: Asked, case: str) -> DemandView:
    """Return the demand of a page. :raises NotYours: when it is not for this person"""
    return queries.of_case(case=case, by=request.actor, now=request.now)


_page = pages("Legal demands", "response:demands", "response:demand")


def page(demand: DemandView, title: str, button: str, **more: Any) -> Page:
    """Return what stands around the form of an act on a demand."""
    return _page(demand.case, title, button, **more)


def back_to(case: str) -> str:
    """Return the address of a demand's page."""
    return reverse("response:demand", args=[case])


@opens(read="demand.work", write="demand.work")
def take(request: Asked, case: str) -> HttpResponse:
    """Take a demand that nobody works on."""
    demand = at_demand(request, case)
    said = page(demand, "Take this demand", "Take it", lead="It becomes yours, and its review begins.")
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, demands.take, case=case),
        done="It is yours.",
    )


@opens(read="demand.work", write="demand.work")
def confirm(request: Asked, case: str) -> HttpResponse:
    """Write down what a person read in the process, beside what the machine read."""
    demand = at_demand(request, case)
    by, now = request.actor, request.now
    received = received_queries.received(id=demand.received, by=by, now=now)
    papers = received_queries.papers(received=demand.received, by=by, now=now)
    guide = policy.at(now)
    form = Confirm(
        posted(request),
        guide=guide,
        said=received.said,
        suggestions=[s for each in papers for s in each.suggestions],
    )

    def do(given: dict[str, Any]) -> None:
        zone = guide.carrier.zone.tz
        demands.confirm(case=case, said=form.said(papers), targets=form.targets(zone), by=by, now=now)

    plain = page(
        demand, "Confirm what it says", "Confirm",
        lead="What the machine read stands in the fields. Read the paper, correct what is wrong, add what is missing.",
    )  # fmt: skip
    shown = sheet(papers, request.GET.get("paper", ""), request.GET.get("page", ""))
    said = Beside(**vars(plain), sheet=shown, papers=tuple(papers))
    return run(request, form=form, page=said, do=do, done="Confirmed. The checklist was made anew.")


@opens(read="demand.work", write="demand.work")
def accept(request: Asked, case: str) -> HttpResponse:
    """Find the process sound."""
    demand = at_demand(request, case)
    findings = received_queries.checklist(received=demand.received, by=request.actor, now=request.now)
    unmet = [f"{each.title}: {each.sentence}" for each in findings if not each.met]
    rows = (Row("Not met, or not judged", "" if unmet else "Everything on the checklist is met.", unmet),)

    said = page(demand, "Find the process sound", "Find it sound", rows=rows)
    return run(
        request,
        form=Despite(posted(request)),
        page=said,
        do=calls(request, demands.accept, case=case),
        done="The process is sound.",
    )


@opens(read="demand.work", write="demand.work")
def deficient(request: Asked, case: str) -> HttpResponse:
    """Send the deficiency letter, as it is shown."""
    demand = at_demand(request, case)
    findings = received_queries.checklist(received=demand.received, by=request.actor, now=request.now)
    unmet = [each for each in findings if each.met is False]
    seen = queries.surveillance_form(case=case, by=request.actor, now=request.now)
    form = Deficient(
        posted(request), findings=[f"{each.title}: {each.sentence}" for each in unmet],
        initial={"note": "\n".join(seen.missing) if seen else ""},
    )  # fmt: skip
    wordings = list(dict.fromkeys(each.wording for each in unmet if each.wording))
    rows = (
        Row("Goes to", _goes_to(request, demand, "no address is known: write it below")),
        Row("Wording to copy", "" if wordings else "No wording is prescribed.", wordings),
        Row("What follows", points=[
            "The clock of the answer stands still, as the guide says.",
            f"The records stay held for {policy.at(request.now).demands.hold_after_deficiency} after this letter.",
        ]),
    )  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        chosen = {int(each) for each in given["findings"]}
        left = [place for place in range(len(unmet)) if place not in chosen]
        demands.find_deficient(
            case=case, leave_out=left, note=given["note"], to=given["to"], by=request.actor, now=request.now
        )

    said = page(demand, "Send a deficiency letter", "Send the letter", rows=rows)
    return run(request, form=form, page=said, do=do, done="The letter is on its way; the clock stands still.")


def _goes_to(request: Asked, demand: DemandView, nowhere: str) -> str:
    """Return where a letter goes by itself: by hand where the guide has no mailbox that writes."""
    if not policy.at(request.now).writes_mail:
        ways = _grouped(demand.case.contact.fax) or demand.case.contact.address
        return f"by hand: print it from the case and fax or post it{f' ({ways})' if ways else ''}"
    return demand.case.contact.email or nowhere


@opens(read="demand.work", write="demand.work")
def object_to(request: Asked, case: str) -> HttpResponse:
    """Object to a demand, or ask to narrow it."""
    demand = at_demand(request, case)
    rows = (Row("Goes to", _goes_to(request, demand, "no address is known")),)

    said = page(demand, "Object, or ask to narrow", "Send the objection", rows=rows)
    return run(
        request,
        form=Objection(posted(request)),
        page=said,
        do=calls(request, demands.object_to, case=case),
        done="The objection is on its way.",
    )


@opens(read="demand.work", write="demand.work")
def go_on(request: Asked, case: str) -> HttpResponse:
    """Go on with the review."""
    demand = at_demand(request, case)
    said = page(demand, "Go on with the review", "Go on", lead="The clock runs on with what was left of it.")
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, demands.go_on, case=case),
        done="The review goes on.",
    )


@opens(read="demand.work", write="demand.work")
def refuse(request: Asked, case: str) -> HttpResponse:
    """Do not honour a demand, by letter."""
    demand = at_demand(request, case)
    rows = (Row("Goes to", _goes_to(request, demand, "no address is known")), Row("What follows", "The holds end and the case closes. It can be opened again."))  # fmt: skip

    said = page(demand, "Do not honour it", "Send the letter", rows=rows, grave=True)
    return run(
        request,
        form=Reason(posted(request)),
        page=said,
        do=calls(request, demands.refuse, case=case),
        done="The letter is on its way; the case is closed.",
    )


@opens(read="demand.work", write="demand.work")
def route(request: Asked, case: str) -> HttpResponse:
    """Tell the agency whom its process belongs to."""
    demand = at_demand(request, case)
    found = received_queries.elsewhere(received=demand.received, by=request.actor, now=request.now)
    if found is None:
        rows = (Row("Belongs to", "By what was confirmed so far, this process belongs here: confirm the company or the place it names."),)  # fmt: skip
    else:
        rows = (
            Row(
                "Belongs to",
                found.provider_name,
                [f"{name}: {value}" for name, value in found.contact.items()],
            ),
        )

    said = page(demand, "It belongs to another company", "Send the letter that says where", rows=rows)
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, demands.route, case=case),
        done="The letter is on its way; the arrival stays on record.",
    )


@opens(read="demand.work", write="demand.work")
def withdraw(request: Asked, case: str) -> HttpResponse:
    """Withdraw a demand, or some of its targets, because the agency said so."""
    demand = at_demand(request, case)
    targets = files.targets(case=case, by=request.actor, now=request.now)
    guide = policy.at(request.now)
    form = Withdrawal(posted(request), targets=[(each.id, f"{numbers.grouped(each.value)}, {each.product}") for each in targets if each.state.value == "ASKED"])  # fmt: skip
    rows = (Row("What follows", points=["Without a target left the case closes.", f"For {guide.demands.undo_withdrawal} it can be undone; the holds stay until then.", "A forger's wish is not the agency's: call back, or rely on a proven message."]),)  # fmt: skip

    def do(given: dict[str, Any]) -> None:
        demands.withdraw(
            case=case,
            how=given["how"],
            targets=given["targets"],
            said_by=_way(given["said_by"]),
            by=request.actor,
            now=request.now,
        )

    said = page(demand, "The agency withdraws it", "Withdraw", rows=rows, grave=True)
    return run(request, form=form, page=said, do=do, done="Withdrawn.")


def _grouped(said: str) -> str:
    """Return a number as people read it; what is none, as it was written."""
    way = _way(said)
    return numbers.grouped(way) if numbers.is_canonical(way) else way


def _way(said: str) -> str:
    """Return ten digits for what is a number, else what was written."""
    try:
        return numbers.read(said)
    except numbers.NotANumber:
        return said.strip()


@opens(read="demand.work", write="demand.work")
def undo(request: Asked, case: str) -> HttpResponse:
    """Take a withdrawal back."""
    demand = at_demand(request, case)
    said = page(
        demand,
        "Take the withdrawal back",
        "Take it back",
        lead="The demand goes back to where it was, with its targets.",
    )
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=calls(request, demands.undo, case=case),
        done="The demand is open again.",
    )


@opens(read="demand.work", write="demand.work")
def join(request: Asked, case: str) -> HttpResponse:
    """Join a process to the one it repeats."""
    demand = at_demand(request, case)
    found = received_queries.find_duplicates(received=demand.received, by=request.actor, now=request.now)
    options = [(each.received, f"{each.reference}: {', '.join(sign.value.replace('_', ' ') for sign in each.signs)}") for each in found]  # fmt: skip

    def do(given: dict[str, Any]) -> str:
        process.join(received=demand.received, to=given["to"], by=request.actor, now=request.now)
        return back_to(next(each.case for each in found if each.received == given["to"]))

    said = page(
        demand,
        "Join it to the one it repeats",
        "Join",
        lead="It is worked on there; the older arrival counts. It can be parted again.",
    )
    return run(request, form=Join(posted(request), options=options), page=said, do=do, done="Joined.")


@opens(read="demand.work", write="demand.work")
def tell(request: Asked, case: str) -> HttpResponse:
    """Send the sender the case's number where no automatic answer could go (A4)."""
    demand = at_demand(request, case)

    form = Address(posted(request), initial={"to": demand.case.contact.email})
    said = page(
        demand, "Tell the case's number", "Send it", lead="The letter names the case and nothing else."
    )
    return run(
        request,
        form=form,
        page=said,
        do=calls(request, process.tell_number, received=demand.received),
        done="The number is on its way.",
    )


class Address(forms.Form):
    """Where the number goes."""

    to = forms.EmailField(label="To")
