"""A fee that waits for an officer's agreement: shown as the guide quoted it, accepted or refused with one button (R-105)."""

from dataclasses import dataclass

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.cases.queries import QuoteView
from tecum.cases.states import QuoteState
from tecum.demands import operations as demands
from tecum.demands.queries import Told
from tecum.kernel import words
from tecum.kernel.numbers import grouped
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
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


@opens(read="fee.accept", write="fee.accept")
@never_cache
def accept(request: Asked, case: str, quote: str) -> HttpResponse:
    """Accept a fee exactly as it is shown."""
    return _answer(request, case, quote, accepts=True)


@opens(read="fee.accept", write="fee.accept")
@never_cache
def refuse(request: Asked, case: str, quote: str) -> HttpResponse:
    """Refuse a fee; what it is for is left out."""
    return _answer(request, case, quote, accepts=False)


def _answer(request: Asked, case: str, quote: str, *, accepts: bool) -> HttpResponse:
    told = demands.show(case=case, by=request.actor, now=request.now)
    mine = [each for each in told.quotes if each.id == quote and each.state is QuoteState.OFFERED]
    if not mine:
        raise NotYours
    shown, way = mine[0], ACCEPT if accepts else REFUSE
    back = reverse("portal:case", args=[case])

    def act(given: dict[str, str]) -> str:
        demands.answer_fee(
            quote=quote, answer=demands.Answer(accepts, given["seen"], "portal"), by=request.actor, now=request.now
        )  # fmt: skip
        return back

    page = Page(
        title=way.title, heading=f"{way.title}: case {told.reference}", button=way.button.format(amount=shown.amount),
        back=back, keep=way.keep, rows=_rows(told, shown, way, request), grave=not accepts,
        crumbs=[
            Crumb("My cases", reverse("portal:cases")), Crumb(told.reference, back, mono=True), Crumb(way.title)
        ],
    )  # fmt: skip
    form = Seen(acts.posted(request), initial={"seen": shown.digest})
    return acts.run(request, form=form, page=page, do=act, done=way.done)


def _rows(told: Told, quote: QuoteView, way: Way, request: Asked) -> list[Row]:
    guide = policy.at(request.now)
    numbers = {each.id: each.value for each in told.targets}
    lines = {each.label: f"{each.how}" if each.how else each.high for each in quote.lines}
    rows = [
        Row(f"Quote {quote.reference}", facts={**lines, "In all": quote.amount}),
        Row(
            "It is for", points=sorted({grouped(numbers[each]) for each in quote.targets if each in numbers})
        ),
    ]
    if quote.notes:
        rows.append(Row("What is not certain yet", points=quote.notes))
    if quote.ends_at:
        rows.append(Row("It stands until", text=words.moment(quote.ends_at, guide.carrier.zone.tz)))
    return [*rows, Row("What happens", text=way.then.format(amount=quote.amount))]
