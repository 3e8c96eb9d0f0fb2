"""A fee that waits for an officer's agreement: shown as the guide quoted it, accepted or refused with one button (R-105)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.billing import operations as billing
from tecum.cases.facts import Answer
from tecum.cases.queries import QuoteView
from tecum.cases.states import QuoteState
from tecum.demands import operations as demands
from tecum.kernel import words
from tecum.kernel.numbers import grouped
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.surveillance.operations import orders
from tecum.web import acts
from tecum.web.acts import Page, Row
from tecum.web.gates import opens
from tecum.web.requests import Asked
from tecum.web.templatetags.frame import Crumb


class Seen(forms.Form):
    """What was shown: exactly this is accepted."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)


@dataclass(frozen=True)
class Way:
    """The words of one answer."""

    title: str
    button: str
    keep: str
    then: str
    done: str


ACCEPT = Way(
    "Accept a fee", "Accept the fee of {amount}", "Leave it open",
    "Your agency agrees to pay {amount}. The work on the case goes on. An invoice follows separately; this is none.",
    "The fee is accepted. The work on the case goes on.",
)  # fmt: skip
REFUSE = Way(
    "Refuse a fee", "Refuse the fee", "Leave it open",
    "What the fee is for is left out of the answer, and its records are no longer held for you. The rest of the case goes on.",
    "The fee is refused. What it was for is left out.",
)  # fmt: skip
ACCEPT_ORDER = replace(
    ACCEPT,
    then="Your agency agrees to pay {amount} for what is ordered. It can be authorised now. An invoice follows separately; this is none.",
    done="The price is accepted. The work on the order goes on.",
)
REFUSE_ORDER = replace(
    REFUSE,
    then="What the price is for does not start. What runs by a price that was accepted before goes on.",
    done="The price is refused. What it was for does not start.",
)


@dataclass(frozen=True)
class Priced:
    """What a price is of, as its officer sees it, and what takes the answer: a demand, or an order."""

    what: str
    among: str
    home: str
    page: str
    reference: str
    quotes: Sequence[QuoteView]
    numbers: Sequence[str]
    ways: tuple[Way, Way]
    answer: Callable[..., object]


@opens(read="fee.accept", write="fee.accept")
@never_cache
def accept(request: Asked, case: str, quote: str) -> HttpResponse:
    """Accept a fee exactly as it is shown."""
    return _answer(request, _demand(request, case, quote), case, quote, accepts=True)


@opens(read="fee.accept", write="fee.accept")
@never_cache
def refuse(request: Asked, case: str, quote: str) -> HttpResponse:
    """Refuse a fee; what it is for is left out."""
    return _answer(request, _demand(request, case, quote), case, quote, accepts=False)


@opens(read="fee.accept", write="fee.accept")
@never_cache
def accept_price(request: Asked, case: str, quote: str) -> HttpResponse:
    """Accept the price of an order exactly as it is shown."""
    return _answer(request, _order(request, case), case, quote, accepts=True)


@opens(read="fee.accept", write="fee.accept")
@never_cache
def refuse_price(request: Asked, case: str, quote: str) -> HttpResponse:
    """Refuse the price of an order; what it is for does not start."""
    return _answer(request, _order(request, case), case, quote, accepts=False)


def _demand(request: Asked, case: str, quote: str) -> Priced:
    told = demands.show(case=case, by=request.actor, now=request.now)
    numbers = {each.id: each.value for each in told.targets}
    aims = [
        numbers[target]
        for each in told.quotes
        if each.id == quote
        for target in each.targets
        if target in numbers
    ]
    return Priced(
        "case", "My cases", "portal:cases", "portal:case", told.reference, told.quotes,
        sorted({grouped(each) for each in aims}), (ACCEPT, REFUSE), demands.answer_fee,
    )  # fmt: skip


def _order(request: Asked, case: str) -> Priced:
    told = orders.show_mine(case=case, by=request.actor, now=request.now)
    return Priced(
        "order", "Surveillances", "portal:surveillances", "portal:order", told.reference, told.quotes, (),
        (ACCEPT_ORDER, REFUSE_ORDER), billing.answer_order_quote,
    )  # fmt: skip


def _answer(request: Asked, about: Priced, case: str, quote: str, *, accepts: bool) -> HttpResponse:
    mine = [each for each in about.quotes if each.id == quote and each.state is QuoteState.OFFERED]
    if not mine:
        raise NotYours
    shown, way = mine[0], about.ways[0 if accepts else 1]
    back = reverse(about.page, args=[case])

    def act(given: dict[str, str]) -> str:
        about.answer(
            quote=quote, answer=Answer(accepts, given["seen"], "portal"), by=request.actor, now=request.now
        )
        return back

    page = Page(
        title=way.title, heading=f"{way.title}: {about.what} {about.reference}", button=way.button.format(amount=shown.amount),
        back=back, keep=way.keep, rows=_rows(about, shown, way, request), grave=not accepts,
        crumbs=[Crumb(about.among, reverse(about.home)), Crumb(about.reference, back, mono=True), Crumb(way.title)],
    )  # fmt: skip
    form = Seen(acts.posted(request), initial={"seen": shown.digest})
    return acts.run(request, form=form, page=page, do=act, done=way.done)


def _rows(about: Priced, quote: QuoteView, way: Way, request: Asked) -> list[Row]:
    guide = policy.at(request.now)
    lines = {each.label: f"{each.how}" if each.how else each.high for each in quote.lines}
    aim = (
        Row("It is for", points=about.numbers)
        if about.numbers
        else Row("It is for", f"Order {about.reference}, until its end")
    )
    rows = [Row(f"Quote {quote.reference}", facts={**lines, "In all": quote.amount}), aim]
    if quote.notes:
        rows.append(
            Row("What is not certain yet" if about.numbers else "What belongs to it", points=quote.notes)
        )
    if quote.ends_at:
        rows.append(Row("It stands until", text=words.moment(quote.ends_at, guide.carrier.zone.tz)))
    return [*rows, Row("What happens", text=way.then.format(amount=quote.amount))]
