"""Rules in the words of a published guide."""

from collections.abc import Collection
from decimal import Decimal

from tecum.guide.calculators.results import quantity
from tecum.guide.entries import Rule
from tecum.guide.model.fees import TIME_UNITS, Arrears, Cap, Fee
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import NeededField, Requirement
from tecum.guide.model.secrecy import CustomerNotice
from tecum.guide.model.timing import Clock, Retention, Turnaround
from tecum.kernel.money import Money


def price(fee: Fee, guide: Guide) -> str:
    """Return `$250.00 per target and month`."""
    currency = fee.currency or guide.carrier.currency
    if fee.kind == "pass_through":
        return "at cost"
    unit = " and ".join(unit.replace("_", " ") for unit in fee.per)
    if fee.tiers:
        steps = [
            f"{Money(tier.amount, currency)}{f' up to {quantity(tier.up_to)}' if tier.up_to else ' beyond'}"
            for tier in fee.tiers
        ]
        text = f"{', '.join(steps)}, per {unit}"
    else:
        low = Money(fee.amount, currency) if fee.amount is not None else None
        high = f" to {Money(fee.amount_max, currency)}" if fee.amount_max is not None else ""
        text = f"{low}{high} per {unit}" if low is not None else ""
        if not fee.amount and not fee.amount_max and fee.amount_nothing_found is not None:
            text = ""
    if fee.amount_nothing_found is not None:
        empty = Money(fee.amount_nothing_found, currency)
        each = f" per {unit}" if fee.nothing_found == "reduced" else ""
        text = ", and ".join(filter(None, (text, f"{empty}{each} when nothing is found")))
    if text == f"{Money(Decimal(0), currency)} per {unit}":
        text = "no charge"
    base = f"{Money(fee.base, currency)} once" if fee.base is not None else ""
    return ", and ".join(filter(None, (base, text)))


def conditions(fee: Fee, guide: Guide) -> list[str]:
    """Return what else a reader must know about a price, as short sentences."""
    currency = fee.currency or guide.carrier.currency
    timed = next((unit for unit in fee.per if unit in TIME_UNITS), "")
    parts = {
        "whole": f"A part of a {timed} counts as a whole one.",
        "prorated": f"A part of a {timed} is charged by its share.",
        "free": f"Only whole {timed}s are charged.",
    }
    said = [
        f"Includes {fee.includes}." if fee.includes else "",
        f"The first {fee.included_periods if fee.included_periods > 1 else ''} {timed}{'s' if fee.included_periods > 1 else ''} is included.".replace(
            "  ", " "
        )
        if fee.included_periods
        else "",
        parts[fee.partial] if timed not in {"", "hour"} else "",
        f"The first {quantity(fee.included)} are included." if fee.included else "",
        f"At least {Money(fee.minimum, currency)}." if fee.minimum is not None else "",
        f"At most {Money(fee.cap, currency)}{' per ' + ' and '.join(fee.cap_per) if fee.cap_per else ''}."
        if fee.cap is not None
        else "",
        *(
            f"At least {quantity(number)} {unit}{'s' if number != 1 else ''}."
            for unit, number in fee.minimum_each.items()
        ),
        "Charged even when nothing is found." if fee.nothing_found == "charged" else "",
        f"Where the account is {' or '.join(reason.replace('_', ' ') for reason in fee.reasons)}."
        if fee.reasons
        else "",
        "An estimate." if fee.kind == "estimate" else "",
    ]
    return [sentence for sentence in said if sentence]


def cap(rule: Cap, guide: Guide) -> str:
    """Return `Installation and Daily fee together: at most $1,500.00 per request.`"""
    labels = " and ".join(fee.label for fee in guide.fees if fee.id in rule.fees)
    per = f" per {' and '.join(unit.replace('_', ' ') for unit in rule.per)}" if rule.per else ""
    where = scope(rule, guide)
    most = Money(rule.amount, guide.carrier.currency)
    what = f"{labels or 'All fees'}{' together' if len(rule.fees) != 1 else ''}"
    return f"{what}: at most {most}{per}{f' (for {where})' if where else ''}."


def effects(rule: Arrears, guide: Guide) -> tuple[str, ...]:
    """Return what a rule of arrears changes, each effect in words."""
    names = {channel.id: channel.kind.replace("_", " ") for channel in guide.channels}
    closed = [names.get(one, one) for one in rule.closes_channels]
    alone = [names.get(one, one) for one in rule.only_channels]
    found = [
        f"requests are taken only by {' or '.join(alone)}" if alone else "",
        f"requests are not taken by {' or '.join(closed)}" if closed else "",
        "answers are not expedited" if rule.removes_expedite else "",
        "payment is due before work" if rule.payment_in_advance else "",
        "nothing is released until it has paid" if rule.withholds_release else "",
    ]
    return tuple(filter(None, found))


def pays_to(guide: Guide) -> str:
    """Return where to pay: as the guide says, else the carrier by its name."""
    return guide.billing.remit_to or ", ".join(
        filter(None, dict.fromkeys([guide.carrier.name, *guide.carrier.address.strip().splitlines()]))
    )


def changed_by_arrears(rules: Collection[str], guide: Guide) -> tuple[str, ...]:
    """Return what rules of arrears change: in the guide's own words where it has some, else in ours."""
    found: list[str] = []
    for rule in (each for each in guide.arrears if each.id in rules):
        text = guide.wording.get(rule.wording) if rule.wording else None
        if text is not None and not text.variables:
            found.append(guide.say(rule.wording).body.strip())
        else:
            found += [f"{each[0].upper()}{each[1:]}." for each in effects(rule, guide)]
    return tuple(dict.fromkeys(found))


def arrears(rule: Arrears, guide: Guide) -> str:
    """Return what happens to an agency that has not paid."""
    but = (
        f" (not in the case of {', '.join(rule.except_facts).replace('_', ' ')})" if rule.except_facts else ""
    )
    return f"From an agency {rule.after} or more overdue{but}: {'; '.join(effects(rule, guide))}."


def notice(rule: CustomerNotice, guide: Guide) -> str:
    """Return whether and when the customer is told."""
    where = scope(rule, guide)
    prefix = f"For {where}: the" if where else "The"
    if not rule.told:
        return f"{prefix} customer is not told."
    when = rule.when.replace("_", " ").replace("after gag", "after a gag ends")
    if rule.told_after is not None:
        when = f"{rule.told_after} after the process, or after a gag ends"
    wait = f"; production waits {rule.wait}" if rule.wait else ""
    except_ = [one for one in rule.exceptions if one != "gag" or rule.told_after is None]
    but = f", except: {', '.join(except_).replace('_', ' ')}" if except_ else ""
    return f"{prefix} customer is told {when}{wait}{but}."


def retention(rule: Retention) -> str:
    """Return `30 days`, `3-5 days`, `18 months, archived up to 7 years`."""
    if rule.not_kept:
        return "not kept"
    parts = ["without an end"] if rule.indefinitely else []
    parts += [str(rule.keeps)] if rule.keeps else []
    parts += ["after the account is closed"] if rule.counted_from == "account_closed" else []
    parts += [f"archived up to {rule.archived} (may be unavailable)"] if rule.archived else []
    parts += [f"from {rule.since:%-d %B %Y} on"] if rule.since else []
    return ", ".join(parts)


def turnaround(rule: Turnaround) -> str:
    """Return `goal: 3 business days`, `no time is promised`."""
    if rule.time is None:
        return "as resources permit" if rule.kind == "if_resources_permit" else "no time is promised"
    words = {"goal": "goal: ", "if_resources_permit": "if resources permit: ", "open_ended": "usually "}
    faster = f"; expedited: {rule.expedite.time}" if rule.expedite is not None and rule.expedite.time else ""
    return f"{words.get(rule.kind, '')}{rule.time}{faster}"


def clock(rule: Clock) -> str:
    """Return `48 hours from first activation`."""
    length = str(rule.length) if rule.length else "a reasonable time"
    return f"{length} from {rule.starts.replace('_', ' ')}"


def enough(rule: Requirement, guide: Guide) -> str:
    """Return the process types that are enough, in words."""
    names = {process.id: process.name for process in guide.process_types}
    if rule.never:
        return "given on no process"
    if rule.at_least:
        return f"{names[rule.at_least]} or stronger"
    return " or ".join(names[name] for name in rule.accepts)


def needed(field: NeededField) -> str:
    """Return a detail that a process must give, in words."""
    name = field.label or field.name.replace("_", " ")
    pair = "the time from and to" if field.together == ("from", "to") else ""
    together = (
        f", with {pair or ' and '.join(n.replace('_', ' ') for n in field.together)}"
        if field.together
        else ""
    )
    hint = " (if known)" if field.if_known else " (requested, not required)" if field.optional else ""
    hint = f" ({field.hint})" if field.hint else " (if appropriate)" if field.facts and not hint else hint
    since = f" (from {field.since:%-d %B %Y} on)" if field.since else ""
    return f"{name}{together}{hint}{since}"


def scope(rule: Rule, guide: Guide) -> str:
    """Return to what a rule applies beside its product, in words."""
    names = {p.id: p.name for p in guide.process_types} | {b.id: b.name for b in guide.brands}
    keys = (
        "processes",
        "countries",
        "regions",
        "brands",
        "requesters",
        "matters",
        "customer_types",
        "customer_subtypes",
        "services",
        "technologies",
        "facts",
    )
    said = [names.get(value, value.replace("_", " ")) for key in keys for value in getattr(rule, key)]
    return ", ".join(said)
