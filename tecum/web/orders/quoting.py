"""The price of an order before it begins: shown, printed, sent to the agency, and its answer written down."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from tecum.billing import operations as billing
from tecum.billing.queries import quote_paper
from tecum.billing.queries.quoting import price_of_order
from tecum.cases import queries as files
from tecum.cases.facts import Answer, Offer
from tecum.cases.queries import QuoteView
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.web.acts import Nothing, Row, posted, run
from tecum.web.gates import opens
from tecum.web.orders.acts import at_order, page
from tecum.web.requests import Asked
from tecum.web.response.fees import Heard, evidence_of


@opens(read="order.work", write="order.work")
def quote(request: Asked, case: str) -> HttpResponse:
    """Show what an order costs, and send its quote where the guide lets the agency accept it first."""
    order = at_order(request, case)
    price = price_of_order(case=case, by=request.actor, now=request.now)
    rows = [*_rows(price.offer), _what_follows(price.gate is not None, price.small, price.why)]
    if price.offer is not None:
        paper = reverse("orders:quote_paper", args=[case, "estimate"])
        rows.append(
            Row(
                "As PDF",
                "The same, for the agency that asks what it will cost.",
                link=("Print the estimate", paper),
            )
        )

    def do(_: dict[str, Any]) -> None:
        billing.quote_order(case=case, by=request.actor, now=request.now)

    button = "Write it down" if price.small else "Send the quote"
    said = page(order, "What it will cost", button, rows=tuple(rows))
    done = "Written down." if price.small else "The agency is asked. Nothing starts before it answers."
    return run(request, form=Nothing(posted(request)), page=said, do=do, done=done)


@opens(read="order.read")
def paper(request: Asked, case: str, quote: str) -> HttpResponse:
    """Show a quote, or the estimate of one that was not sent, as PDF."""
    order = at_order(request, case)
    shown: QuoteView | Offer | None = (
        price_of_order(case=case, by=request.actor, now=request.now).offer
        if quote == "estimate"
        else _quote(request, case, quote)
    )
    if shown is None:
        raise NotYours
    content = quote_paper.printed(shown, policy.at(request.now), order.case)
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = 'inline; filename="quote.pdf"'
    return answer


@opens(read="order.work", write="order.work")
def answer(request: Asked, case: str, quote: str) -> HttpResponse:
    """Write down what the agency said of the price."""
    order = at_order(request, case)
    shown = _quote(request, case, quote)

    def do(given: dict[str, Any]) -> None:
        said = Answer(
            given["accepts"] == "yes", given["seen"], given["how"], given["said_by"], given["evidence"], given["words"]
        )  # fmt: skip
        billing.answer_order_quote(quote=quote, answer=said, by=request.actor, now=request.now)

    form = Heard(posted(request), evidence=evidence_of(request, case), initial={"seen": shown.digest})
    said = page(order, "Answer to a quote", "Write it down", rows=tuple(_rows(shown)))
    return run(request, form=form, page=said, do=do, done="Written down.")


def _quote(request: Asked, case: str, quote: str) -> QuoteView:
    for each in files.quotes(case=case, by=request.actor, now=request.now):
        if each.id == quote:
            return each
    raise NotYours


def _rows(shown: "QuoteView | Offer | None") -> list[Row]:
    if shown is None:
        return []
    facts = {f"{line.label} ({line.quantity})": line.amount for line in shown.lines}
    total = str(shown.high) if shown.low == shown.high else f"{shown.low} to {shown.high}"
    rows = [Row("What it costs until its end", facts={**facts, "In all": total})]
    return [*rows, Row("What is not certain yet", points=shown.notes)] if shown.notes else rows


def _what_follows(asked: bool, small: bool, why: str) -> Row:
    if why:
        return Row("No price", why)
    if not asked:
        return Row(
            "What follows",
            "The guide asks for no acceptance: the work begins without, and this is an estimate.",
        )
    if small:
        return Row("What follows", "The guide lets it begin without acceptance: the price is small enough.")
    return Row("What follows", points=[
        "The agency is sent this quote, where its address is known; else print it.",
        "The authority cannot be proposed before the agency has accepted, or paid, what the guide says.",
        "An extension, and an order after an emergency, never wait for a price.",
    ])  # fmt: skip
