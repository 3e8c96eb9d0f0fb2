"""What an agency has to accept or sign before the work goes on: asked with a quote, and its answer as staff heard it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse

from tecum.cases import queries as files
from tecum.cases.facts import BY_STAFF
from tecum.cases.queries import QuoteView
from tecum.cases.states import Direction
from tecum.demands import operations as demands
from tecum.demands import queries
from tecum.demands.rules.fees import Asks
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.process import queries as received_queries
from tecum.web.acts import Nothing, Reason, Row, posted, run
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.response.acts import at_demand, page
from tecum.web.response.forms import DAY

Evidence = Sequence[tuple[str, str]]
NO_PAPER = ("", "None: it was a call")


class Proof(forms.Form):
    """The paper or message that proves something, and words on it."""

    evidence = forms.ChoiceField(label="What proves it")
    words = forms.CharField(
        label="What was said", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, evidence: Evidence, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["evidence"].choices = list(evidence)  # type: ignore[attr-defined]


class Heard(Proof):
    """How the agency answered a quote."""

    accepts = forms.ChoiceField(
        label="The agency",
        choices=[("yes", "accepts the fee"), ("no", "refuses it")],
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label="It said so by", choices=[(each, word.capitalize()) for each, word in BY_STAFF.items()]
    )
    said_by = forms.CharField(
        label="Who said so", max_length=254,
        help_text="Their mail address or telephone number. Where the agency has named its contacts, only theirs counts.",
    )  # fmt: skip
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args: Any, evidence: Evidence, **more: Any) -> None:
        super().__init__(*args, evidence=[NO_PAPER, *evidence], **more)
        self.fields["evidence"].required = False
        self.order_fields(["accepts", "how", "said_by", "evidence", "words", "seen"])


@opens(read="demand.work", write="demand.work")
def ask(request: Asked, case: str) -> HttpResponse:
    """Ask the agency to accept what its targets cost as they stand now."""
    demand = at_demand(request, case)
    unasked = queries.fees_to_ask(case=case, by=request.actor, now=request.now)
    rows = tuple(_unasked(each) for each in unasked) or (
        Row("Nothing is to be asked", "What the guide charges for was asked already, or nothing is charged."),
    )

    def do(_: dict[str, Any]) -> None:
        demands.ask_fee(case=case, by=request.actor, now=request.now)

    said = page(demand, "Quote the fee", "Send the quote", rows=rows)
    return run(
        request,
        form=Nothing(posted(request)),
        page=said,
        do=do,
        done="The agency is asked. The records are held meanwhile.",
    )


@opens(read="demand.work", write="demand.work")
def answer(request: Asked, case: str, quote: str) -> HttpResponse:
    """Write down how the agency answered a quote."""
    demand = at_demand(request, case)
    shown = _quote(request, case, quote)

    def do(given: dict[str, Any]) -> None:
        said = demands.Answer(
            given["accepts"] == "yes", given["seen"], given["how"], given["said_by"], given["evidence"], given["words"]
        )  # fmt: skip
        demands.answer_fee(quote=quote, answer=said, by=request.actor, now=request.now)

    form = Heard(posted(request), evidence=evidence_of(request, case), initial={"seen": shown.digest})
    said = page(demand, "Answer to a quote", "Write it down", rows=_rows(shown))
    return run(request, form=form, page=said, do=do, done="Written down.")


@opens(read="case.waive", write="case.waive")
def waive(request: Asked, case: str, quote: str) -> HttpResponse:
    """Let the work go on without the acceptance of a fee."""
    demand = at_demand(request, case)
    shown = _quote(request, case, quote)

    def do(given: dict[str, Any]) -> None:
        demands.waive_fee(quote=quote, reason=given["reason"], by=request.actor, now=request.now)

    said = page(demand, "Waive the acceptance of a fee", "Waive it", rows=_rows(shown), grave=True)
    return run(request, form=Reason(posted(request)), page=said, do=do, done="Waived. The work goes on.")


class More(Proof):
    """Until when more time is given, and who gave it."""

    until = forms.DateField(label="New return date", widget=DAY)
    how = forms.ChoiceField(
        label="It was said by", choices=[(each, word.capitalize()) for each, word in BY_STAFF.items()]
    )
    said_by = forms.CharField(
        label="Who said so", max_length=254, help_text="Their mail address or telephone number."
    )

    def __init__(self, *args: Any, evidence: Evidence, **more: Any) -> None:
        super().__init__(*args, evidence=[NO_PAPER, *evidence], **more)
        self.fields["evidence"].required = False
        self.order_fields(["until", "how", "said_by", "evidence", "words"])


@opens(read="demand.work", write="demand.work")
def extend(request: Asked, case: str) -> HttpResponse:
    """Write down that the agency or the court gives more time."""
    demand = at_demand(request, case)
    received = received_queries.received(id=demand.received, by=request.actor, now=request.now)
    day = received.said.return_on

    def do(given: dict[str, Any]) -> None:
        said = demands.Answer(True, "", given["how"], given["said_by"], given["evidence"], given["words"])
        demands.extend_return(case=case, until=given["until"], heard=said, by=request.actor, now=request.now)

    rows = (Row("Return date now", f"{day:%-d %B %Y}" if day else "The process states none."),)
    said = page(demand, "More time", "Move the return date", rows=rows)
    form = More(posted(request), evidence=evidence_of(request, case))
    return run(request, form=form, page=said, do=do, done="The return date moved.")


@opens(read="demand.work", write="demand.work")
def gate(request: Asked, case: str, gate: str) -> HttpResponse:
    """Find that a signed form or a consent is given."""
    demand = at_demand(request, case)
    known = {each.id: each for each in files.gates(case=case, by=request.actor, now=request.now)}
    if gate not in known:
        raise NotYours

    def do(given: dict[str, Any]) -> None:
        demands.close_paper_gate(
            case=case, gate=gate, given=given["words"] or "The paper says so.", evidence=given["evidence"], by=request.actor,
            now=request.now,
        )  # fmt: skip

    rows = [Row("Asked for", known[gate].words.get("asked", "") or known[gate].kind.replace("_", " "))]
    proofs = evidence_of(request, case)
    if not proofs:
        there = reverse("response:add_paper", args=[case])
        rows.append(Row("Nothing proves it yet", "No paper and no letter lies in this case.", link=("Add the paper", there)))  # fmt: skip
    said = page(demand, "What was asked for is given", "It is given", rows=tuple(rows))
    form = Proof(posted(request), evidence=proofs)
    return run(request, form=form, page=said, do=do, done="Written down. The work goes on.")


def shown(quotes: Sequence[QuoteView], now: datetime) -> list[tuple[QuoteView, bool]]:
    """Return the quotes that the page of a demand shows, each with whether it can still be answered."""
    return [(each, each.open_at(now)) for each in quotes if each.how not in {"replaced", "not_needed"}]


def _quote(request: Asked, case: str, quote: str) -> QuoteView:
    for each in files.quotes(case=case, by=request.actor, now=request.now):
        if each.id == quote:
            return each
    raise NotYours


def _rows(shown: QuoteView) -> tuple[Row, ...]:
    lines = {each.label: each.how or each.high for each in shown.lines}
    return (Row(f"Quote {shown.reference}", facts={**lines, "In all": shown.amount}),)


def _unasked(asks: Asks) -> Row:
    if asks.offer is None:
        return Row("A paper", asks.gate.kind.replace("_", " ").capitalize())
    facts = {each.label: each.how or each.high for each in asks.offer.lines}
    return Row(
        f"For {len(asks.targets)} target{'s' if len(asks.targets) > 1 else ''}",
        facts={**facts, "In all": str(asks.offer.high)},
    )


def evidence_of(request: Asked, case: str) -> list[tuple[str, str]]:
    """Return the papers and the messages of a case that could prove an answer."""
    by, now, tz = request.actor, request.now, policy.at(request.now).carrier.zone.tz
    papers = [(each.id, f"Paper: {each.name}") for each in files.documents(case=case, by=by, now=now)]
    letters = [
        (
            each.id,
            f"{each.channel.capitalize()} of {each.at.astimezone(tz):%-d %b %Y %H:%M}: {each.said.get('subject', '')}"[
                :120
            ],
        )
        for each in files.entries(case=case, by=by, now=now)
        if each.direction is Direction.IN
    ]
    return [*reversed(letters), *papers]
