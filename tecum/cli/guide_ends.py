"""`tecum guide explain … expiry`: when an order ends and is cut, with its extensions."""

import argparse
from typing import get_args

from tecum.cli.guide_parsing import BadQuestion, Words, listed, moment, span, whole
from tecum.guide.calculators import expiry, extensions
from tecum.guide.calculators.results import Result
from tecum.guide.model.emergency import Counting, StartEvent
from tecum.guide.model.guide import Guide
from tecum.guide.questions import Question
from tecum.guide.values import Span, Unit, instant


def expiry_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain expiry`."""
    parser.add_argument("--types", type=listed, default=(), help="types of surveillance")
    parser.add_argument("--order-date", type=moment, help="the order's date")
    parser.add_argument("--implemented", type=moment, help="when it was implemented")
    parser.add_argument("--collection", type=moment, help="when the agency began collecting")
    parser.add_argument("--duration", type=span, help="its duration, such as '30 days'")
    parser.add_argument("--days", type=whole, help="its duration in days")
    parser.add_argument("--ends", type=moment, help="the end that the order gives itself")
    parser.add_argument("--start", choices=get_args(StartEvent), help="the start that the order's words fix")
    parser.add_argument(
        "--counting", choices=get_args(Counting), help="the counting that the order's words fix"
    )
    parser.add_argument(
        "--exact-time", action="store_true", help="the order gives an exact time of termination"
    )
    parser.add_argument(
        "--unattended", action="store_true", default=None, help="the switch deactivates by itself"
    )
    parser.add_argument("--switch", default="", help="the switch by name")
    parser.add_argument(
        "--not-begun",
        type=moment,
        metavar="INSTANT",
        help="it has not begun; the earliest instant at which it can",
    )
    parser.add_argument(
        "--extension", action="append", default=[], metavar="'DATE DURATION served INSTANT'",
        help="an extension order, such as '2026-03-30 30 days served 2026-03-31T10:00'; repeated",
    )  # fmt: skip


def extended(guide: Guide, text: str, order: expiry.Order) -> extensions.Extension:
    """Return an extension as the command line gives it."""
    said, _, served = text.partition(" served ")
    dated, _, length = said.strip().partition(" ")
    try:
        mine = expiry.Order(
            types=order.types, ordered=moment(dated), duration=span(length) if length else order.duration,
            start=order.start, counting=order.counting, exact_time=order.exact_time, unattended=order.unattended,
            switch=order.switch,
        )  # fmt: skip
        return extensions.Extension(order=mine, served=instant(moment(served.strip()), guide.carrier.zone))
    except argparse.ArgumentTypeError as error:
        raise BadQuestion(f"--extension '{text}': {error}") from None


def ends(guide: Guide, asked: Question, options: Words) -> Result:
    """Say when it ends and is cut."""
    days = Span(options.days, options.days, Unit.DAY) if options.days else None
    order = expiry.Order(
        types=options.types,
        ordered=options.order_date,
        implemented=options.implemented,
        collection=options.collection,
        duration=options.duration or days,
        ends=options.ends,
        start=options.start,
        counting=options.counting,
        exact_time=options.exact_time,
        unattended=options.unattended,
        switch=options.switch,
        assumed=instant(options.not_begun, guide.carrier.zone) if options.not_begun else None,
    )
    if options.extension:
        served = [extended(guide, text, order) for text in options.extension]
        return extensions.stitched(guide, asked, order, served)
    return expiry.ending(guide, asked, order)
