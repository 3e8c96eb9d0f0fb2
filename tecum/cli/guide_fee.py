"""`tecum guide explain fee`: quantities are `--UNITs N` for every unit that the guide knows."""

import argparse
from collections.abc import Iterable
from decimal import Decimal

from tecum.cli.guide_parsing import BadQuestion, Words, decimal, listed, pair, period, period_options
from tecum.guide.calculators import fees
from tecum.guide.calculators.quantities import Amounts
from tecum.guide.calculators.results import Result
from tecum.guide.model.fees import UNITS
from tecum.guide.model.guide import Guide
from tecum.guide.problems import meant
from tecum.guide.questions import Question, word


def fee_options(parser: argparse.ArgumentParser) -> None:
    """Add the options of `explain fee`; quantities are `--UNITs N` for every unit of the guide."""
    period_options(parser)
    parser.add_argument("--types", type=listed, default=(), help="types of surveillance")
    parser.add_argument(
        "--quantity", action="append", default=[], metavar="UNIT=N", help="a quantity; the same as --UNITs N"
    )
    parser.add_argument(
        "--switch", action="append", default=[], help="a switch by name; the guide's markets are then used"
    )
    parser.add_argument("--nothing-found", action="store_true", help="nothing was found")
    parser.add_argument(
        "--passed-on", action="append", default=[], metavar="FEE=AMOUNT", help="a cost that is passed on"
    )
    parser.add_argument("--passed-on-reason", default="", help="its reason")


def fee(guide: Guide, asked: Question, options: Words) -> Result:
    """Quote."""
    units = {word(name): number for name, number in map(pair, options.quantity)}
    units |= dict(unit_words(guide, options.rest))
    units |= {f"switch:{name}": Decimal(1) for name in options.switch}
    unknown = [unit for unit in units if unit not in known_units(guide) and not unit.startswith("switch:")]
    if unknown:
        raise BadQuestion(f"There is no unit '{unknown[0]}'. {meant(unknown[0], known_units(guide))}".strip())
    amounts = Amounts(
        units=units, period=period(guide, options), services=options.services, types=options.types
    )
    passed_on = dict(map(pair, options.passed_on))
    found = not options.nothing_found
    reason = options.passed_on_reason
    return fees.quote(
        guide, asked, fees.Asked(amounts=amounts, found=found, passed_on=passed_on, passed_on_reason=reason)
    )


def known_units(guide: Guide) -> set[str]:
    """Return the units that a question may count."""
    return {*UNITS, *(unit.id for unit in guide.units)}


def unit_words(guide: Guide, rest: list[str]) -> Iterable[tuple[str, Decimal]]:
    """Read `--targets 2 --switches-outside-market=3` into units."""
    words = [part for one in rest for part in one.split("=", 1)]
    known = known_units(guide)
    for name, number in zip(words[::2], [*words[1::2], ""], strict=False):
        unit = singular(word(name.removeprefix("--")), known)
        if not name.startswith("--") or unit is None:
            raise BadQuestion(f"Not understood: '{name}'. {meant(name, [f'--{u}s' for u in known])}".strip())
        yield unit, decimal(number, name)


def singular(plural: str, known: set[str]) -> str | None:
    """Return the unit that a plural means."""
    candidates = (
        plural,
        plural.removesuffix("s"),
        plural.removesuffix("es"),
        plural.replace("switches", "switch"),
        f"{plural.removesuffix('ies')}y",
    )
    return next((one for one in candidates if one in known), None)
