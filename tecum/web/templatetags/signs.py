"""Signs: an instant, a due time, a telephone number, a state, a reason. Each is understood without its colour."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast

from django import template
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.context import Context
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from tecum.kernel import words
from tecum.web.shell import Shell

register = template.Library()

MARKS = frozenset({"ok", "no", "ask", "to"})
TAGS = frozenset({"", "seal", "gag"})


def _shell(context: Context) -> Shell:
    return cast("Shell", context["shell"])


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime | None, style: str = "full") -> SafeString:
    """Write an instant: local time with zone and offset, UTC on hover and in print (styles: words.Style)."""
    if at is None:
        return mark_safe("")
    zone, how = _shell(context).zone, words.Style(style)
    exact = how in (words.Style.SECONDS, words.Style.STAMP)
    local = at.astimezone(zone)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        words.utc(at, seconds=exact),
        words.moment(at, zone, how),
    )


@register.simple_tag
def day(value: date | None) -> SafeString:
    """Write a calendar day, which has no zone: `1 Jun 2022`."""
    if value is None:
        return mark_safe("")
    return format_html('<time datetime="{}">{}</time>', f"{value:%Y-%m-%d}", words.day(value))


@register.simple_tag(takes_context=True)
def away(context: Context, at: datetime) -> str:
    """Say how far an instant lies from this page's now: `in 10 h 8 min`, `6 min ago`."""
    return words.distance(at, _shell(context).now)


@register.simple_tag
def span(length: timedelta) -> str:
    """Write a length of time: `10 h 8 min`."""
    return words.span(length)


@register.simple_tag(takes_context=True)
def due(context: Context, at: datetime, before: str = "") -> SafeString:
    """Show how a due time stands; the shape, the words and the weight say it before the colour does."""
    now = _shell(context).now
    kind = words.urgency(at, now)
    left = words.remaining(at, now)
    return format_html('<span class="due due--{}">{}{}</span>', kind.value, before and f"{before} ", left)


@register.simple_tag(takes_context=True)
def paused(context: Context, since: datetime) -> SafeString:
    """Show that a clock stands still."""
    return format_html(
        '<span class="due due--paused">paused {}</span>', words.span(_shell(context).now - since)
    )


@register.simple_tag
def tn(number: str) -> SafeString:
    """Show a telephone number grouped; what is copied is its ten digits, because ( ) and - are generated content."""
    if not (len(number) == 10 and number.isdigit()):
        return conditional_escape(number)
    return format_html(
        '<data class="tn" value="{}"><b>{}</b><b>{}</b><b>{}</b></data>',
        number,
        number[:3],
        number[3:6],
        number[6:],
    )


@register.simple_tag
def masked(number: str) -> SafeString:
    """Show a telephone number with its middle hidden: enough to recognise, too little to call."""
    return format_html(
        '<span class="mono nowrap">({}) •••-••{}</span><span class="usa-sr-only">, five digits hidden</span>',
        number[:3],
        number[-2:],
    )


@register.simple_tag
def mk(kind: str, word: str) -> SafeString:
    """Mark a state: `ok` a circle, `no` a square, `ask` a leaf, `to` a dashed ring, each with its word."""
    if kind not in MARKS:
        raise template.TemplateSyntaxError(f"mk: '{kind}' is none of {', '.join(sorted(MARKS))}")
    return format_html('<span class="mk mk--{}">{}</span>', kind, word)


@register.simple_tag
def tag(word: str, kind: str = "") -> SafeString:
    """Show a badge: plain, or one of the only two that mean something, `seal` (filled) and `gag` (dashed)."""
    if kind not in TAGS:
        raise template.TemplateSyntaxError(f"tag: '{kind}' is none of seal, gag")
    extra = f" tag--{kind}" if kind else ""
    return format_html('<span class="tag{}">{}</span>', extra, word)


@register.simple_tag
def rcpt(receipt: str) -> SafeString:
    """Show the receipt of a trail entry."""
    return format_html('<span class="rcpt">receipt {}</span>', receipt)


@register.filter
def get(values: Mapping[Any, Any], key: Any) -> Any:
    """Return what a mapping holds under a key, nothing where it holds none."""
    return values.get(key, "")


@register.filter
def spoken(word: str) -> str:
    """Write a word of our vocabulary out: `hand_delivery` becomes “hand delivery”."""
    return word.replace("_", " ")


@register.filter
def grouped(number: int) -> str:
    """Write a count with its thousands parted: `1,284,307`."""
    return f"{number:,}"


@register.simple_tag
def share(value: float) -> str:
    """Write a share of 0 to 1 in percent: `73 %`."""
    return f"{value * 100:.0f} %"


@register.filter
def at(names: Mapping[str, str], key: str) -> str:
    """Look a name up by its id: `{{ names|at:row.by }}`; nothing where it is unknown."""
    return names.get(key, "")


@register.filter
def card_name(cards: Mapping[str, Any], customer: str) -> str:
    """Name a customer by the contact card in force, by its id where there is none."""
    card = cards.get(customer)
    return card.legal_name if card else customer


class WhyNode(Node):
    """The disclosure behind every refusal, date, price and route."""

    def __init__(self, body: NodeList, given: dict[str, FilterExpression]) -> None:
        self.body = body
        self.given = given

    def render(self, context: Context) -> SafeString:
        """Put the source sentence above its rule, the guide's version and the citation."""
        given: dict[str, Any] = {name: value.resolve(context) for name, value in self.given.items()}
        topic = (
            format_html('<span class="usa-sr-only"> {}</span>', given["topic"]) if given.get("topic") else ""
        )
        parts = []
        if given.get("rule"):
            parts.append(f"Rule {given['rule']}")
            parts.append(f"guide {_shell(context).guide_version}" if _shell(context).guide_version else "")
        parts.append(given.get("cite") or "")
        cited = " · ".join(part for part in parts if part)
        return format_html(
            '<details class="why"><summary>{}{}</summary><div>{}{}</div></details>',
            given.get("summary") or "Why?",
            topic,
            self.body.render(context),
            format_html("<p><cite>{}</cite></p>", cited) if cited else "",
        )


@register.tag
def why(parser: Parser, token: Token) -> WhyNode:
    """`{% why topic="a limit of 25" rule="portal.quota" cite="R-022" summary="What counts?" %}…{% endwhy %}`"""
    given = token_kwargs(token.split_contents()[1:], parser)
    unknown = set(given) - {"topic", "rule", "cite", "summary"}
    if unknown:
        raise template.TemplateSyntaxError(f"why: unknown {', '.join(sorted(unknown))}")
    body = parser.parse(("endwhy",))
    parser.delete_first_token()
    return WhyNode(body, given)
