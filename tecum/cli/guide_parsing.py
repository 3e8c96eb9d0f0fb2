"""Small readers for the words of `tecum guide explain`: days, instants, spans, lists, periods."""

import argparse
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from tecum.guide.model.guide import Guide
from tecum.guide.values import EARLIEST, LATEST, LONGEST, Span, Unit, add, instant, parse_number, parse_span
from tecum.kernel.periods import Period
from tecum.kernel.refusals import Refused

Words = argparse.Namespace
MOST = 1_000_000_000


class BadQuestion(Refused):
    """The command line cannot be understood."""


def moment(text: str) -> date | datetime:
    """Read 2026-01-31 or 2026-01-31T09:00, with or without an offset."""
    found: date | datetime
    try:
        found = date.fromisoformat(text)
    except ValueError:
        try:
            found = datetime.fromisoformat(text.replace("Z", "+00:00"))
        except ValueError:
            raise argparse.ArgumentTypeError(
                f"'{text}' is no date such as 2026-01-31 or 2026-01-31T09:00"
            ) from None
    if not EARLIEST.year <= found.year < LATEST.year:
        raise argparse.ArgumentTypeError(f"the year {found.year} is too far away")
    return found


def whole(text: str) -> int:
    """Read a count of days."""
    if not text.isdigit() or int(text) > LONGEST:
        raise argparse.ArgumentTypeError(f"expected a whole number up to {LONGEST:,}, not '{text}'")
    return int(text)


def amount(text: str) -> Decimal:
    """Read an amount such as 800 or 12.50."""
    try:
        return Decimal(parse_number(text))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected {error}") from None


def day(text: str) -> date:
    """Read 2026-01-31."""
    found = moment(text)
    return found.date() if isinstance(found, datetime) else found


def span(text: str) -> Span:
    """Read 30 days."""
    try:
        return parse_span(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"expected {error}") from None


def listed(text: str) -> tuple[str, ...]:
    """Read a,b,c."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def period_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that say a period."""
    parser.add_argument("--from", dest="from_", type=moment, metavar="DATE", help="the first day or instant")
    parser.add_argument(
        "--to", type=moment, metavar="DATE", help="the first day or instant that no longer belongs to it"
    )
    parser.add_argument(
        "--through", type=day, metavar="DATE", help="the last day that belongs to it, instead of --to"
    )


def period(guide: Guide, options: Words) -> Period | None:
    """Return the period that the options say. :raises BadQuestion: when it is half said or turned round"""
    end = options.to
    if options.through is not None:
        end = add(options.through, 1, Unit.DAY)
    if options.from_ is None and end is None:
        return None
    if options.from_ is None or end is None:
        raise BadQuestion("A period needs --from and --to (or --through).")
    zone = guide.carrier.zone
    try:
        return Period(instant(options.from_, zone), instant(end, zone))
    except ValueError as error:
        raise BadQuestion(str(error)) from None


def pair(text: str) -> tuple[str, Decimal]:
    """Read NAME=NUMBER."""
    name, _, number = text.partition("=")
    return name.strip(), decimal(number, name)


def decimal(text: str, name: str) -> Decimal:
    """Read a number. :raises BadQuestion: for anything else"""
    try:
        found = Decimal(text)
    except InvalidOperation:
        raise BadQuestion(f"{name} needs a number, not '{text}'.") from None
    if not found.is_finite() or not 0 <= found <= MOST:
        raise BadQuestion(f"{name} needs a number between 0 and {MOST:,}, not '{text}'.")
    return found
