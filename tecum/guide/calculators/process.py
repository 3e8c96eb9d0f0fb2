"""The ladder: is this process enough for this product here, what would be, and what must it say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tecum.guide.calculators.results import Result, once
from tecum.guide.entries import Stated
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import NeededField, ProcessType, Requirement, Words
from tecum.guide.questions import Question, best, find_process, fitting, presumed, resolved, word

Outcome = Literal["enough", "not_enough", "not_honoured", "deficient", "never", "unknown"]


@dataclass(frozen=True, kw_only=True)
class Paper:
    """What the process at hand says. `text` and `fields` left out are not judged, only listed."""

    text: str | None = None
    fields: frozenset[str] | None = None
    forms: frozenset[str] | None = None
    dated: date | None = None
    signed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Need:
    """One thing the process must have: `present` is empty where it was not judged."""

    kind: Literal["words", "field", "form", "signature", "condition"]
    what: str
    label: str = ""
    present: bool | None = None
    optional: bool = False
    hint: str = ""
    effect: Literal["deficiency", "not_honoured", "none"] = "deficiency"


@dataclass(frozen=True, kw_only=True)
class Judgement(Result):
    """
    Whether a process is enough, and what it must say.

    `enough` judges its kind alone, `acceptable` all that is known of it; `outcome` says both in a word.
    """

    outcome: Outcome
    enough: bool | None
    acceptable: bool | None = None
    would_be_enough: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    deficiencies: tuple[str, ...] = ()
    citation: str = ""
    signed_by: tuple[str, ...] = ()
    rule: str = ""
    missing_unjudged: tuple[str, ...] = ()


@dataclass(slots=True)
class _Gathered:
    needs: list[Need] = field(default_factory=list)
    used: list[Stated] = field(default_factory=list)


def judge(guide: Guide, question: Question, paper: Paper) -> Judgement:
    """
    Judge a process for a product; without a process, say what would be enough.

    :raises NotInGuide: when the guide knows no such product or process
    """
    said, question = question, resolved(guide, question)
    process = find_process(guide, question.process, question.country) if question.process else None
    deciding, warnings = _deciding(guide, question)
    accepted = _accepted(guide, deciding, question) if deciding else ()
    gathered = _needs(guide, question, process, paper)
    outcome, because = _outcome(guide, question, process, deciding, accepted)
    enough = None if process is None or outcome == "unknown" else outcome == "enough"
    missing = [need for need in gathered.needs if need.present is False and not need.optional]
    if outcome == "enough" and missing:
        refused = any(need.effect == "not_honoured" for need in missing)
        outcome = "not_honoured" if refused else "deficient"
        because = f"Missing: {'; '.join(need.label or need.what for need in missing)}."
    unjudged = [
        need.label or need.what
        for need in gathered.needs
        if need.present is None and not need.optional and need.kind == "field"
    ]
    if outcome == "enough" and unjudged:
        because = f"{because} Not judged: whether it has {'; '.join(unjudged)}."
        warnings = (*warnings, f"Required and not judged: {'; '.join(unjudged)}.")
    return Judgement(
        outcome=outcome,
        enough=enough,
        acceptable=None if enough is None or (outcome == "enough" and unjudged) else outcome == "enough",
        would_be_enough=accepted,
        needs=tuple(gathered.needs),
        deficiencies=tuple(need.label or need.what for need in missing),
        citation=deciding.citation if deciding else "",
        signed_by=process.signed_by if process else (),
        rule=deciding.id if deciding else "",
        missing_unjudged=tuple(unjudged),
        because=because + presumed(said, question),
        used=once([deciding, *gathered.used, process]),
        warnings=warnings,
    )


def _deciding(guide: Guide, question: Question) -> tuple[Requirement | None, tuple[str, ...]]:
    deciders = [rule for rule in guide.requirements if rule.accepts or rule.at_least or rule.never]
    return best(deciders, replace(question, process=""), guide)


def _accepted(guide: Guide, rule: Requirement, question: Question) -> tuple[str, ...]:
    """Return the process types that are enough here, weakest first."""
    if rule.never:
        return ()
    least = next((p.strength for p in guide.process_types if p.id == rule.at_least), None)
    here = [p for p in guide.process_types if p.honoured and _exists(guide, p, question)]
    found = [
        p
        for p in here
        if p.id in (*rule.accepts, rule.at_least) or (least is not None and p.strength >= max(least, 1))
    ]
    return tuple(p.id for p in sorted(found, key=lambda p: p.strength))


def _exists(guide: Guide, process: ProcessType, question: Question) -> bool:
    country = question.country or guide.carrier.country
    if process.countries and country not in process.countries:
        return False
    return not process.regions or not question.region or question.region in process.regions


def _outcome(
    guide: Guide,
    question: Question,
    process: ProcessType | None,
    deciding: Requirement | None,
    accepted: tuple[str, ...],
) -> tuple[Outcome, str]:
    if deciding is not None and deciding.never:
        return "never", "This is given on no process."
    if process is None:
        return ("unknown", f"Enough would be: {', '.join(accepted) or 'the guide does not say'}.")
    if not process.honoured or (process.honoured_for and question.product not in process.honoured_for):
        return "not_honoured", f"'{process.name}' is not honoured{' for this' if process.honoured else ''}."
    if not _exists(guide, process, question):
        return (
            "not_honoured",
            f"'{process.name}' does not exist in {question.country or guide.carrier.country}.",
        )
    if deciding is None:
        return "unknown", "The guide does not say which process is enough for this."
    if process.id in accepted:
        return "enough", f"'{process.name}' is enough."
    return (
        "not_enough",
        f"'{process.name}' is not enough; enough would be: {', '.join(accepted) or 'nothing'}.",
    )


def _needs(guide: Guide, question: Question, process: ProcessType | None, paper: Paper) -> _Gathered:
    gathered = _Gathered()
    for rule in fitting(guide.requirements, question, guide):
        before = len(gathered.needs)
        gathered.needs += [_words(one, paper) for one in rule.words if _for(one.processes, question)]
        gathered.needs += _fields(rule, question, paper)
        gathered.needs += _forms(guide, rule, question, paper)
        gathered.needs += [Need(kind="condition", what=text, effect="none") for text in rule.conditions]
        if len(gathered.needs) > before:
            gathered.used.append(rule)
    if process is not None and process.signed_by:
        allowed = set(map(word, process.signed_by))
        signed = None if not paper.signed_by else word(paper.signed_by) in allowed
        label = f"signed by {' or '.join(process.signed_by)}"
        gathered.needs.append(Need(kind="signature", what="signature", label=label, present=signed))
    return gathered


def _for(processes: Iterable[str], question: Question) -> bool:
    wanted = set(processes)
    return not wanted or question.process in wanted


def _words(one: Words, paper: Paper) -> Need:
    """Judge a phrase (A18): named without the phrase is a deficiency, not named at all is not honoured."""
    if paper.text is None:
        return Need(kind="words", what=one.phrase)
    text = compared(paper.text)
    if compared(one.phrase) in text:
        return Need(kind="words", what=one.phrase, present=True)
    named = not one.names or compared(one.names) in text
    effect: Literal["deficiency", "not_honoured"] = "deficiency" if named else "not_honoured"
    label = f"the words “{one.phrase}”" if named else f"“{one.names}” is not named in the {one.where}"
    return Need(kind="words", what=one.phrase, label=label, present=False, effect=effect)


def compared(text: str) -> str:
    """Return a text as phrases are compared: without case, quotes and white space, `thru` as `through` (A18)."""
    plain = re.sub(r"[\s“”\"'’.,;:]+", " ", text.lower())
    return re.sub(r"\bthru\b", "through", plain).strip()


def _fields(rule: Requirement, question: Question, paper: Paper) -> list[Need]:
    found: list[Need] = []
    for one in rule.fields:
        if not _for(one.processes, question) or not _due(one, question, paper):
            continue
        for name in (one.name, *one.together):
            has = None if paper.fields is None else word(name) in set(map(word, paper.fields))
            label = one.label if name == one.name else ""
            fits = not one.facts or bool(set(map(word, one.facts)) & set(map(word, question.facts)))
            optional = one.optional or one.if_known or not fits
            found.append(
                Need(kind="field", what=name, label=label, present=has, optional=optional, hint=one.hint)
            )
    return found


def _due(one: NeededField, question: Question, paper: Paper) -> bool:
    day = paper.dated or question.on
    if (one.since and day < one.since) or (one.until and day >= one.until):
        return False
    return (
        not one.when or paper.fields is None or bool(set(map(word, one.when)) & set(map(word, paper.fields)))
    )


def _forms(guide: Guide, rule: Requirement, question: Question, paper: Paper) -> list[Need]:
    found = []
    facts = set(map(word, question.facts))
    titles = {form.id: form.title for form in guide.forms}
    for one in rule.forms:
        if _for(one.processes, question) and (not one.facts or facts & set(map(word, one.facts))):
            has = None if paper.forms is None else one.form in paper.forms
            label = f"{titles.get(one.form, one.form)}{', signed' if one.signed else ''}"
            found.append(Need(kind="form", what=one.form, label=label, present=has))
    return found
