"""A form that came back: is it complete, who may sign it, and where does it belong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tecum.guide.calculators.results import Result, once
from tecum.guide.entries import Stated
from tecum.guide.model.guide import Guide, NotInGuide
from tecum.guide.model.reporting import Form, FormField
from tecum.guide.problems import meant
from tecum.guide.questions import Question, fitting, resolved, word

Values = Mapping[str, Sequence[str]]
ONE = {"choice", "yes_no"}
YES_NO = ("Yes", "No")


@dataclass(frozen=True, kw_only=True)
class FieldFound(Result):
    """One field as it was filled in."""

    field: str
    label: str
    required: bool
    given: tuple[str, ...] = ()
    most: int | None = None
    fault: str = ""


@dataclass(frozen=True, kw_only=True)
class FormFound(Result):
    """
    A form as it came back.

    `complete` is empty where no field was given, so that nothing was judged; `comes_with` names what must come along.
    """

    form: str
    title: str
    label: str
    complete: bool | None
    faults: tuple[str, ...]
    fields: tuple[FieldFound, ...]
    may_sign: bool | None
    signers: tuple[str, ...]
    may_send: bool
    requesters: tuple[str, ...]
    comes_with: tuple[str, ...]
    desk: str
    fax: str
    phone: str


def judge(
    guide: Guide, question: Question, form_id: str, values: Values | None = None, *, signer: str = ""
) -> FormFound:
    """
    Judge a form by its stable id or its printed label; without values, say what it asks.

    :raises NotInGuide: when the guide has no such form, or the form no such field
    """
    question = resolved(guide, question)
    form = _find(guide, question, form_id)
    unknown = [name for name in values or {} if name not in {field.id for field in form.fields}]
    if unknown:
        known = [field.id for field in form.fields]
        raise NotInGuide(
            f"The form '{form.id}' has no field '{unknown[0]}'. {meant(unknown[0], known)}".strip()
        )
    fields = tuple(_judged(field, values) for field in form.fields)
    may_send = not form.requesters or word(question.requester) in set(map(word, form.requesters))
    may_sign = word(signer) in set(map(word, form.signers)) if signer and form.signers else None
    faults = [f"{field.label}: {field.fault}" for field in fields if field.fault]
    faults += [] if may_send else [f"'{question.requester}' may not send it."]
    faults += [f"'{signer}' may not sign it."] if may_sign is False else []
    along, rules = _along(guide, question, form)
    desk = guide.desk(form.desk) if form.desk else None
    return FormFound(
        form=form.id,
        title=form.title,
        label=form.label,
        complete=None if values is None else not faults,
        faults=tuple(faults),
        fields=fields,
        may_sign=may_sign,
        signers=form.signers,
        may_send=may_send,
        requesters=form.requesters,
        comes_with=along,
        desk=form.desk,
        fax=desk.fax if desk else "",
        phone=desk.phone if desk else "",
        because=_sentence(form, values, faults),
        used=once([form, *(f for f in form.fields if f.source), *rules, desk]),
    )


def _find(guide: Guide, question: Question, said: str) -> Form:
    held = guide.on(guide.forms, question.on)
    for form in held:
        if word(said) in {word(form.id), word(form.title), word(form.label)} - {""}:
            return form
    raise NotInGuide(f"There is no form '{said}'. {meant(said, [form.id for form in held])}".strip())


def _judged(field: FormField, values: Values | None) -> FieldFound:
    given = tuple(value for value in (values or {}).get(field.id, ()) if value)
    return FieldFound(
        field=field.id,
        label=field.label,
        required=field.required,
        given=given,
        most=field.most,
        fault="" if values is None else _fault(field, given),
    )


def _fault(field: FormField, given: tuple[str, ...]) -> str:
    if field.required and not given:
        return "is missing."
    if field.kind in ONE and len(given) > 1:
        return "one answer is wanted."
    if field.most is not None and len(given) > field.most:
        return f"{len(given)} were given; at most {field.most}."
    choices = YES_NO if field.kind == "yes_no" else field.choices
    other = [value for value in given if choices and word(value) not in set(map(word, choices))]
    return f"'{other[0]}' is none of: {'; '.join(choices)}." if other else ""


def _along(guide: Guide, question: Question, form: Form) -> tuple[tuple[str, ...], list[Stated]]:
    """Return what must come along with a form, from the requirements of the products that it asks for."""
    found: list[str] = []
    used: list[Stated] = []
    for product in form.products:
        asked = Question(on=question.on, product=product, requester=question.requester, facts=question.facts)
        for rule in fitting(guide.requirements, asked, guide):
            if rule.facts:
                found += [field.label or field.name for field in rule.fields]
                used.append(rule)
    return tuple(dict.fromkeys(found)), used


def _sentence(form: Form, values: Values | None, faults: list[str]) -> str:
    if values is None:
        must = [field.label for field in form.fields if field.required]
        required = f"; required: {', '.join(must)}" if must else ""
        return f"{form.title}: {len(form.fields)} fields{required}."
    return " ".join(faults) if faults else "Everything that it requires is there."
