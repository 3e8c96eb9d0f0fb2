"""`tecum guide explain`: turns the words of a command line into a question, one function for each kind."""

import argparse
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tecum.cli.guide_ends import ends, expiry_options
from tecum.cli.guide_fee import fee, fee_options
from tecum.cli.guide_forms import filled_in, form_options
from tecum.cli.guide_parsing import (
    BadQuestion,
    Words,
    amount,
    day,
    listed,
    moment,
    period,
    period_options,
    span,
    whole,
)
from tecum.guide.calculators import (
    clocks,
    eligibility,
    payment,
    process,
    products,
    retention,
    routing,
    secrecy,
    summaries,
    turnaround,
)
from tecum.guide.calculators.results import Result
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question, word
from tecum.guide.values import instant

SCOPE: tuple[tuple[str, str], ...] = (
    ("product", "what is asked for"),
    ("process", "the kind of legal process"),
    ("country", "ISO code; left out, the carrier's"),
    ("region", "state or province"),
    ("city", "city"),
    ("brand", "brand (id)"),
    ("entity", "the legal entity that the process names"),
    ("requester", "who asks: lea (default), psap, civil_litigant …"),
    ("matter", "criminal, civil …; left out, civil for civil process, else criminal"),
    ("subject", "subject matter"),
    ("customer-type", "kind of customer"),
    ("customer-subtype", "kind within the type"),
    ("technology", "technology"),
    ("market", "market (id)"),
)


class _Once(argparse.Action):
    """An option of which a question has one value: another one is refused, not silently the last."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: Words, values: Any, option_string: str | None = None
    ) -> None:
        """Keep the value; note the option when it already had another."""
        if getattr(namespace, self.dest, "") not in {"", values}:
            namespace.repeated = option_string
        setattr(namespace, self.dest, values)


def scope(parser: argparse.ArgumentParser) -> None:
    """Add what every question may say."""
    parser.add_argument(
        "--on", type=day, help="the day of the question; left out, the day of the event, else today"
    )
    for name, text in SCOPE:
        parser.add_argument(f"--{name}", action=_Once, default="", help=text)
    parser.add_argument(
        "--state", dest="region", action=_Once, default=argparse.SUPPRESS, help="the same as --region"
    )
    parser.add_argument("--services", type=listed, default=(), help="network services, parted by commas")
    parser.add_argument(
        "--fact",
        type=listed,
        action="append",
        default=[],
        help="circumstances, parted by commas; may be repeated",
    )


def question(options: Words, on: date) -> Question:
    """Return the question that the options hold. :raises BadQuestion: when one is given several values"""
    if getattr(options, "repeated", ""):
        raise BadQuestion(f"{options.repeated} was given several times: ask about each by itself.")
    given = {name.replace("-", "_"): getattr(options, name.replace("-", "_")) for name, _ in SCOPE}
    given = {key: value for key, value in given.items() if value}
    facts = frozenset(fact for several in options.fact for fact in several)
    return Question(on=on, services=options.services, facts=facts, **given)


def retention_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain retention`."""
    period_options(parser)
    parser.add_argument("--received", type=moment, help="when the request is received; left out, --on or now")
    parser.add_argument("--processed", type=moment, help="when it is worked on, where that judges age")
    parser.add_argument("--account-closed", type=day, help="when the account was closed")


def retained(guide: Guide, asked: Question, options: Words) -> Result:
    """Say what still exists."""
    received = at(guide, options.received or options.on, options)
    processed = instant(options.processed, guide.carrier.zone) if options.processed else None
    span_ = period(guide, options)
    return retention.verdict(
        guide, asked, span_, received, processed=processed, closed=options.account_closed
    )


def turnaround_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain turnaround`."""
    parser.add_argument("--received", type=moment, help="when the request is received; left out, --on or now")
    parser.add_argument("--expedite", action="store_true", help="a faster answer is asked for")
    parser.add_argument("--overdue-days", type=whole, default=0, help="days since an unpaid invoice was due")


def answered(guide: Guide, asked: Question, options: Words) -> Result:
    """Say when an answer may be expected."""
    received = at(guide, options.received or options.on, options)
    late = payment.terms(guide, asked, overdue=options.overdue_days)
    return turnaround.window(
        guide, asked, received, expedite=options.expedite, in_arrears=not late.expedite_available
    )


def hours_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain hours`."""
    parser.add_argument("--desk", default="", help="the desk")
    parser.add_argument("--capability", default="", help="the capability, where it has hours of its own")
    parser.add_argument("--calendar", default="", help="a calendar, instead of a desk")
    parser.add_argument("--at", type=moment, help="the instant; left out, --on or now")


def staffed(guide: Guide, _: Question, options: Words) -> Result:
    """Say whether somebody is on duty."""
    when = at(guide, options.at or options.on, options)
    return turnaround.duty(
        guide, when, desk=options.desk, capability=options.capability, calendar=options.calendar
    )


def process_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain process`."""
    parser.add_argument("--text", help="what the process says, to judge its words")
    parser.add_argument("--text-file", type=Path, help="the same from a file")
    parser.add_argument("--fields", type=listed, help="details that it gives, parted by commas")
    parser.add_argument("--forms", type=listed, help="forms that came along, parted by commas")
    parser.add_argument("--dated", type=day, help="its date; left out, --on")
    parser.add_argument("--signed-by", default="", help="who signed it")


def judged(guide: Guide, asked: Question, options: Words) -> Result:
    """Say whether the process is enough."""
    text = options.text
    if options.text_file:
        try:
            text = options.text_file.read_text(encoding="utf-8", errors="replace")
        except OSError as error:
            raise BadQuestion(f"'{options.text_file}' cannot be read: {error.strerror}.") from None
    paper = process.Paper(
        text=text,
        fields=None if options.fields is None else frozenset(options.fields),
        forms=None if options.forms is None else frozenset(options.forms),
        dated=options.dated,
        signed_by=options.signed_by,
    )
    return process.judge(guide, asked, paper)


def route_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain route`."""
    parser.add_argument(
        "--channel", default="", help="the way it came or is to go: fax, email, personal_service …"
    )
    parser.add_argument("--form", default="", help="the form")
    parser.add_argument("--overdue-days", type=whole, default=0, help="days since an unpaid invoice was due")


def routed(guide: Guide, asked: Question, options: Words) -> Result:
    """Say where it belongs."""
    return routing.route(
        guide,
        asked,
        entity=options.entity,
        channel=options.channel,
        form=options.form,
        overdue=options.overdue_days,
    )


def clock_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain clock`."""
    parser.add_argument("--clock", default="", help="the clock (id)")
    parser.add_argument("--ladder", default="", help="an on-call ladder (id), instead of a clock")
    parser.add_argument("--started", type=moment, help="when it started; left out, --on or now")
    parser.add_argument(
        "--event", action="append", default=[], metavar="NAME=INSTANT", help="an event that happened"
    )


def running(guide: Guide, asked: Question, options: Words) -> Result:
    """Say how a clock runs, or a ladder climbs."""
    started = at(guide, options.started or options.on, options)
    if options.ladder:
        return clocks.climb(guide, options.ladder, started)
    events = {}
    for text in options.event:
        name, _, when = text.partition("=")
        try:
            events[name] = instant(moment(when), guide.carrier.zone)
        except argparse.ArgumentTypeError as error:
            raise BadQuestion(f"--event {name}: {error}") from None
    return clocks.run(guide, asked, options.clock, started, events)


def eligibility_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain eligibility`."""
    parser.add_argument("--lookup", default="", help="the look-up product (id)")
    parser.add_argument("--agency-type", default="", help="kind of agency")
    parser.add_argument("--role", default="", help="job role")
    parser.add_argument("--party", default="", help="civil_litigant, civil_counsel …")
    parser.add_argument("--psap", action="store_true", help="a public safety answering point")


def eligible(guide: Guide, asked: Question, options: Words) -> Result:
    """Say who may have an account."""
    party = options.party or (options.requester if word(options.requester).startswith("civil") else "")
    applicant = eligibility.Applicant(
        country=asked.country,
        agency_type=options.agency_type,
        role=options.role,
        party=party,
        psap=options.psap or word(options.requester) == "psap",
    )
    return eligibility.judge(guide, applicant, options.lookup)


def gag_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain gag`."""
    parser.add_argument("--no-gag", action="store_true", help="the process holds no gag")
    parser.add_argument("--duration", type=span, help="the duration that it states, such as '90 days'")
    parser.add_argument("--starts", type=day, help="the day from which it runs; left out, --on")
    parser.add_argument("--uncited", action="store_true", help="it cites no law")


def silenced(guide: Guide, asked: Question, options: Words) -> Result:
    """Say what a gag becomes."""
    return secrecy.silence(
        guide,
        asked,
        gag=not options.no_gag,
        starts=options.starts or asked.on,
        duration=options.duration,
        cited=not options.uncited,
    )


def payment_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain payment`."""
    parser.add_argument("--total", type=amount, help="the amount of the quote")
    parser.add_argument("--invoiced-on", type=day, help="the date of the invoice")
    parser.add_argument("--overdue-days", type=whole, default=0, help="days since an unpaid invoice was due")


def paid(guide: Guide, asked: Question, options: Words) -> Result:
    """Say what must happen about money."""
    return payment.terms(
        guide, asked, total=options.total, invoiced_on=options.invoiced_on, overdue=options.overdue_days
    )


def lookup_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain lookup`."""
    parser.add_argument("--lookup", default="", help="the look-up product (id)")
    parser.add_argument("--account-age", type=whole, help="days since the account was activated")


def emergency_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain emergency`."""
    parser.add_argument("--emergency", default="", help="its id, or disclosure, surveillance, location")
    parser.add_argument("--ground", default="", help="the ground")
    parser.add_argument("--certifier", default="", help="who certifies")


def report_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain report`."""
    parser.add_argument("--report", default="", help="the report (id)")


def at(guide: Guide, given: date | datetime | None, options: Words) -> datetime:
    """Return the instant that was given, in the carrier's zone; else now."""
    return instant(given, guide.carrier.zone) if given is not None else options.now


Options = Callable[[argparse.ArgumentParser], None]
Asking = Callable[[Guide, Question, Any], Result]
# kind → help, its options, the calculator, and the option whose day is the question's day unless --on says it.
KINDS: dict[str, tuple[str, Options, Asking, str]] = {
    "fee": ("what it costs, line by line", fee_options, fee, "from_"),
    "retention": ("what still exists of an interval", retention_options, retained, "received"),
    "turnaround": ("when an answer may be expected", turnaround_options, answered, "received"),
    "hours": ("whether a desk is open, and when next", hours_options, staffed, "at"),
    "process": ("whether a process is enough, and what it must say", process_options, judged, "dated"),
    "route": ("where it belongs, and by which channel", route_options, routed, ""),
    "expiry": ("when an order ends and is cut, in every reading", expiry_options, ends, "order_date"),
    "clock": ("when a clock ends; or how a ladder climbs", clock_options, running, "started"),
    "eligibility": ("who may have an account", eligibility_options, eligible, ""),
    "gag": ("what a gag becomes, and whether the customer is told", gag_options, silenced, "starts"),
    "payment": ("gates, due date and arrears", payment_options, paid, "invoiced_on"),
    "lookup": (
        "the rules of a look-up product",
        lookup_options,
        lambda guide, _, options: summaries.lookup_rules(guide, options.lookup, options.account_age),
        "",
    ),
    "emergency": (
        "who may ask without process, on which ground, and what must follow",
        emergency_options,
        lambda guide, asked, options: summaries.emergency_rules(
            guide, asked, emergency=options.emergency, ground=options.ground, certifier=options.certifier
        ),
        "",
    ),
    "product": (
        "what one gets, on which process, for how long it is kept and at which price",
        lambda _: None,
        lambda guide, asked, _: products.describe(guide, asked),
        "",
    ),
    "form": ("what a form asks, and whether one is complete", form_options, filled_in, ""),
    "report": (
        "the counting rules of the transparency report",
        report_options,
        lambda guide, asked, options: summaries.report_rules(guide, asked, options.report),
        "",
    ),
}
