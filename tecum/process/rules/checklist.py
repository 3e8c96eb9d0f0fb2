"""The checklist that the guide makes for a process: each finding with its rule, its citation and what to write."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from tecum.guide import saying
from tecum.guide.calculators import process as ladder
from tecum.guide.calculators import routing, secrecy
from tecum.guide.calculators.payment import Terms, closed
from tecum.guide.calculators.process import Judgement, Need, Paper
from tecum.guide.entries import Stated
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.questions import Question, find_process, word
from tecum.kernel import numbers
from tecum.kernel.periods import Period
from tecum.process.facts import Said

PHRASE = "The wording to copy:"
NUMBER_AND_TIME = (
    f"{PHRASE} “telephone number (NPA) NXX-XXXX, from [date and time] to [date and time], [time zone]”"
)
# What a guide may call the two halves of R-110; they are judged target by target, not product by product.
OF_THE_TARGET = frozenset(
    {"number", "ptn", "area_code", "from", "to", "interval", "time_frame", "timeframe", "period"}
)


@dataclass(frozen=True, slots=True)
class Aim:
    """A target as the checklist looks at it: the number and the interval, as far as the paper gives them (R-110)."""

    label: str
    number: str
    product: str = ""
    period: Period | None = None
    is_number: bool = True


@dataclass(frozen=True, slots=True)
class Finding:
    """
    One line of the checklist. `met` is None where nobody looked yet; `hard` ones are not honoured whatever is mended.

    `code` names it in letters and in the trail; `wording` is what the agency can copy.
    """

    code: str
    title: str
    met: bool | None
    sentence: str
    rule: str = ""
    citation: str = ""
    source: str = ""
    wording: str = ""
    hard: bool = False
    product: str = ""


def examined(
    guide: Guide,
    said: Said,
    aims: Sequence[Aim],
    *,
    channel: str,
    received_at: datetime,
    late: Terms | None = None,
) -> tuple[Finding, ...]:
    """Return the checklist of a process, in the order of a letter: who, what, when, which products, what else."""
    day = received_at.astimezone(guide.carrier.zone.tz).date()
    asked = Question(
        on=day, process=said.process, country=said.country, region=said.region, city=said.city,
        facts=frozenset(said.facts),
    )  # fmt: skip
    live = {each.id for each in guide.products if each.answered_by == "live"}
    found = [
        _kind(guide, said),
        *_addressed(guide, asked, said, channel),
        *_in_time_with_payments(guide, late, channel),
        _signed(guide, said),
        _dated(said, day),
    ]
    found += [_watched(aim) if aim.product in live else _aimed(aim, received_at) for aim in aims] or [
        _aimless()
    ]
    for product in dict.fromkeys(aim.product for aim in aims if aim.product):
        mine = [aim for aim in aims if aim.product == product]
        found += _product(guide, replace(asked, product=product), said, mine)
    return (*found, _return_date(said, day), _gag(guide, asked, said, day))


def missing(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what must be mended."""
    return tuple(each for each in findings if each.met is False)


def letter(findings: Iterable[Finding], note: str = "") -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the sentences of a deficiency letter, and the wordings to copy, each once."""
    chosen = tuple(findings)
    sentences = [f"{each.title}: {each.sentence}" for each in chosen]
    sentences += [note.strip()] if note.strip() else []
    wordings = dict.fromkeys(each.wording for each in chosen if each.wording)
    return tuple(dict.fromkeys(sentences)), tuple(wordings)


def _kind(guide: Guide, said: Said) -> Finding:
    title = "Kind of process"
    if not said.process:
        return Finding("process_type", title, None, "Nobody said yet which kind of process this is.")
    try:
        kind = find_process(guide, said.process, said.country)
    except NotInGuide as unknown:
        return Finding("process_type", title, False, str(unknown), hard=True)
    wording = ""
    if not kind.honoured and kind.refusal and not guide.wording[kind.refusal].variables:
        wording = guide.say(kind.refusal).body.strip()
    sentence = f"{kind.name} is {'honoured' if kind.honoured else 'not honoured here'}."
    return Finding(
        "process_type", title, kind.honoured, sentence, kind.id, kind.citation, _source(kind), wording,
        hard=not kind.honoured,
    )  # fmt: skip


def _addressed(guide: Guide, asked: Question, said: Said, channel: str) -> list[Finding]:
    """Judge the company named and the channel used (R-160, R-039)."""
    try:
        route = routing.route(guide, asked, entity=said.entity, channel=channel)
    except NotInGuide as unknown:
        return [Finding("entity", "Company named", None, str(unknown))]
    rule = next(iter(route.used), None)
    if route.entity is None:
        found = [Finding("entity", "Company named", None, "Nobody said yet which company the process names.")]
    else:
        named, right = route.entity, route.entity.address_to or route.provider_name
        sentence = {
            "accepted": f"{named.name} is the right company.",
            "redirected": f"It must be addressed to {right}.",
            "rejected": f"Process that names {named.name} is not accepted.",
            "unknown": f"“{said.entity}” is no company that the guide knows; it must name {route.provider_name}.",
        }[named.status]
        met = named.status == "accepted"
        wording = "" if met else f"{PHRASE} “{right}”"
        found = [Finding("entity", "Company named", met, sentence, _id(rule), "", _source(rule), wording)]
    if route.accepted is False:
        found.append(Finding("channel", "Channel", False, route.refusal, _id(rule), "", _source(rule)))
    return found


def _in_time_with_payments(guide: Guide, late: Terms | None, channel: str) -> list[Finding]:
    """Judge whether the channel is closed to an agency whose invoices are overdue, as the guide says."""
    if late is None or not closed(guide, late, channel):
        return []
    sentence = " ".join(
        ["Invoices of the agency are overdue.", *saying.changed_by_arrears(late.arrears, guide)]
    )
    return [Finding("arrears", "Overdue invoices", False, sentence, late.arrears[0])]


def _signed(guide: Guide, said: Said) -> Finding:
    if said.signed is None:
        return Finding("signature", "Signature", None, "Nobody looked yet whether it is signed.")
    if not said.signed:
        return Finding("signature", "Signature", False, "It is not signed.")
    try:
        allowed = find_process(guide, said.process, said.country).signed_by if said.process else ()
    except NotInGuide:
        allowed = ()
    if not allowed:
        return Finding("signature", "Signature", True, "It is signed.")
    who = " or ".join(allowed)
    if not said.signed_by:
        return Finding(
            "signature", "Signature", None, f"It must be signed by {who}; nobody said who signed it."
        )
    if word(said.signed_by) in set(map(word, allowed)):
        return Finding("signature", "Signature", True, f"Signed by {said.signed_by}.", said.process)
    sentence = f"It is signed by {said.signed_by} and must be signed by {who}."
    return Finding("signature", "Signature", False, sentence, said.process)


def _dated(said: Said, day: date) -> Finding:
    if said.issued_on is None:
        return Finding("date", "Date of issue", False, "It bears no date.")
    when = f"{said.issued_on:%-d %B %Y}"
    if said.issued_on > day:
        return Finding("date", "Date of issue", False, f"It is dated {when}, after the day it was received.")
    return Finding("date", "Date of issue", True, f"Dated {when}.")


def _aimless() -> Finding:
    sentence = "It names no number with its area code and no time frame; numbers are assigned again, so both are needed."
    return Finding(
        "target", "Number and time frame", False, sentence, "", "R-109, R-110", wording=NUMBER_AND_TIME
    )


def _aimed(aim: Aim, received_at: datetime) -> Finding:
    """Judge one target: a number with its area code and a time frame that has begun (R-110)."""
    lacks = []
    if aim.is_number and not numbers.is_canonical(aim.number):
        lacks.append("the number with its area code")
    if aim.period is None:
        lacks.append("the time frame")
    title = f"Number and time frame ({aim.label})"
    if lacks:
        sentence = f"It lacks {' and '.join(lacks)}."
        return Finding("target", title, False, sentence, "", "R-109, R-110", wording=NUMBER_AND_TIME)
    if aim.period is not None and aim.period.start > received_at:
        sentence = "Its time frame begins after the day it was received."
        return Finding("future", title, False, sentence, "", "R-110")
    return Finding("target", title, True, "Number and time frame are given.", "", "R-110")


def _watched(aim: Aim) -> Finding:
    """Judge the target of a surveillance: its number; how long it may run is a detail of the order, not an interval."""
    title = f"Number: {aim.label}"
    if aim.is_number and not numbers.is_canonical(aim.number):
        sentence = "It lacks the number with its area code."
        return Finding(
            "target", title, False, sentence, "", "R-109, R-113", wording=f"{PHRASE} “(NPA) NXX-XXXX”"
        )
    return Finding("target", title, True, "The number is given.", "", "R-113")


def _product(guide: Guide, asked: Question, said: Said, aims: Sequence[Aim]) -> list[Finding]:
    """Judge the ladder, and what the guide asks of a process for one product."""
    product = asked.product
    try:
        judged = ladder.judge(guide, asked, _paper(said, aims))
    except NotInGuide as unknown:
        return [Finding("product", "Product", False, str(unknown), product=product)]
    found = [_rung(guide, judged, product)] if said.process else []
    asks = [need for need in judged.needs if need.kind in {"words", "form", "field"}]
    return found + [
        _need(guide, need, judged, product)
        for need in asks
        if not (need.kind == "field" and word(need.what) in OF_THE_TARGET)
    ]


def _paper(said: Said, aims: Sequence[Aim]) -> Paper:
    names = {
        "signature": said.signed,
        "date": said.issued_on,
        "issued_on": said.issued_on,
        "return_date": said.return_on,
        "case_number": said.number,
        "process_number": said.number,
        "certification": said.certified,
    }
    given = {name for name, value in names.items() if value} | set(said.details)
    if aims and all(aim.period is not None for aim in aims):
        given |= {"from", "to", "interval", "time_frame", "timeframe", "period"}
    if aims and all(numbers.is_canonical(aim.number) for aim in aims if aim.is_number):
        given |= {"number", "ptn", "area_code"}
    return Paper(
        text=said.words or None, fields=frozenset(given), forms=frozenset(said.forms), dated=said.issued_on,
        signed_by=said.signed_by,
    )  # fmt: skip


def _rung(guide: Guide, judged: Judgement, product: str) -> Finding:
    """Judge the kind of process alone: what it lacks besides stands in findings of its own."""
    rule = next(iter(judged.used), None)
    name = next((each.name for each in guide.products if each.id == product), product)
    title = f"Process for: {name}"
    if judged.outcome in {"enough", "deficient"} or (judged.outcome == "not_honoured" and judged.enough):
        met: bool | None = True
        sentence = "This kind of process is enough."
    else:
        met = None if judged.outcome == "unknown" else False
        sentence = judged.because
    return Finding(
        "ladder", title, met, sentence, judged.rule, judged.citation, _source(rule), hard=judged.outcome == "never",
        product=product,
    )  # fmt: skip


def _need(guide: Guide, need: Need, judged: Judgement, product: str) -> Finding:
    label = need.label or (
        f"the words “{need.what}”" if need.kind == "words" else need.what.replace("_", " ")
    )
    title = {"words": "Required words", "form": "Form that must come along", "field": "Detail"}.get(
        need.kind, "Detail"
    )
    if need.present is False and need.optional:
        met, sentence = True, f"{label} would be welcome and is not required."
    elif need.present is None:
        met, sentence = (True if need.optional else None), f"Nobody looked yet for {label}."  # type: ignore[assignment]
    else:
        met = need.present
        how = f" ({need.hint})" if need.hint else ""
        sentence = f"It has {label}." if met else f"It lacks {label}{how}."
        if not met and label.endswith("body"):
            sentence = f"{label}."
    refused = met is False and need.effect == "not_honoured"
    return Finding(
        need.kind, f"{title} ({product})", met, sentence, judged.rule, judged.citation,
        wording=_to_copy(guide, need) if met is False else "", hard=refused, product=product,
    )  # fmt: skip


def _to_copy(guide: Guide, need: Need) -> str:
    """Return the text that the guide has for a missing phrase, else the phrase itself (A18)."""
    if need.kind != "words":
        return ""
    for rule in guide.requirements:
        for one in rule.words:
            if one.phrase == need.what and one.wording and not guide.wording[one.wording].variables:
                return guide.say(one.wording).body.strip()
    return f"{PHRASE} “{need.what}”"


def _return_date(said: Said, day: date) -> Finding:
    if said.return_on is None:
        return Finding("return_date", "Return date", True, "It states no return date.")
    when = f"{said.return_on:%-d %B %Y}"
    if said.return_on < day:
        return Finding("return_date", "Return date", False, f"Its return date, {when}, had passed already.")
    return Finding("return_date", "Return date", True, f"Return date {when}.")


def _gag(guide: Guide, asked: Question, said: Said, day: date) -> Finding:
    title = "Secrecy"
    if said.gag is None:
        return Finding("gag", title, None, "Nobody looked yet whether it forbids telling the customer.")
    try:
        quiet = secrecy.silence(guide, asked, gag=said.gag, starts=said.issued_on or day)
    except NotInGuide as unknown:
        return Finding("gag", title, None, str(unknown))
    rule = _id(next(iter(quiet.used), None))
    if said.gag and quiet.must_state_duration and said.gag_until is None:
        sentence = "It forbids telling the customer and does not say for how long."
        wording = f"{PHRASE} “The existence of this process shall not be disclosed until [date].”"
        return Finding("gag", title, False, sentence, rule, quiet.citation, wording=wording)
    sentence = f"It {'forbids' if said.gag else 'does not forbid'} telling the customer."
    return Finding("gag", title, True, sentence, rule, quiet.citation)


def _id(rule: Stated | None) -> str:
    return str(getattr(rule, "id", ""))


def _source(rule: Stated | None) -> str:
    return rule.source.sentence if rule is not None and rule.source is not None else ""
