"""The forms of a carrier's guide (`[[forms]]`) as they are printed, empty to type into or filled in by us."""

from collections.abc import Mapping, Sequence
from itertools import chain

from tecum.documents.forms.fields import Field, Form, Kind, Section
from tecum.guide.model import reporting
from tecum.guide.model.guide import Guide

Values = Mapping[str, Sequence[str]]
KINDS: dict[str, Kind] = {
    "choice": "one", "yes_no": "one", "choices": "ticks", "signature": "signature", "secret": "apart", "fixed": "fixed",
}  # fmt: skip
LINES = {"address": 2, "lines": 3}  # where the guide does not say how many
TO_US = {"request", "certification", "consent", "cover_page", "application"}
OFF = {"", "Off"}
BLANK = "____________________"


def carrier_form(guide: Guide, form: reporting.Form, said: Mapping[str, str] | None = None) -> Form:
    """Return a form of the guide; `said` are the variables of its texts, blanks where it is printed empty."""
    label = f" ({form.label})" if form.label else ""
    return Form(
        id=form.id,
        title=form.title + label,
        carrier=guide.carrier.name,
        version=guide.version,
        intro=_send_to(guide, form),
        sections=tuple(_sections(guide, form, said)),
    )


def entries(form: Form, typed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """
    Return what was typed into a printed form as the values of its fields.

    `typed` is what a PDF reader finds by name: of boxes and circles the state, `/Off` or the place of what was chosen.
    """
    return {field.name: _entered(field, typed) for field in form.fields}


def _entered(field: Field, typed: Mapping[str, str]) -> tuple[str, ...]:
    found = [typed.get(name, "").strip() for name in field.names]
    if field.kind not in {"ticks", "one"}:
        return tuple(value for value in found if value)
    states = [value.removeprefix("/") for value in found]
    labels = [label for _, label in field.choices]
    if field.kind == "ticks":
        return tuple(label for label, state in zip(labels, states, strict=True) if state not in OFF)
    return tuple(labels[int(state)] if state.isdigit() else state for state in states if state not in OFF)


def typed(form: Form, values: Values) -> dict[str, str]:
    """Return values of the fields as they stand in a PDF that was typed into: what `entries` reads back."""
    return {
        name: text
        for field in form.fields
        for name, text in zip(field.names, _states(field, values.get(field.name, ())), strict=False)
        if text
    }


def _states(field: Field, given: Sequence[str]) -> list[str]:
    labels = [label for _, label in field.choices]
    if field.kind == "ticks":
        return ["/on" if label in given else "" for label in labels]
    if field.kind == "one":
        return [f"/{labels.index(each)}" for each in given if each in labels]
    return list(given) if len(field.names) > 1 else ["\n".join(given)]


def _send_to(guide: Guide, form: reporting.Form) -> str:
    if not form.desk or form.kind not in TO_US:
        return ""
    desk = guide.desk(form.desk)
    ways = [f"fax {desk.fax}" if desk.fax else "", f"e-mail {desk.email}" if desk.email else ""]
    if not any(ways):
        return (
            f"Send this form to {desk.name}; ask by telephone where to: {desk.phone}." if desk.phone else ""
        )
    phone = f"telephone {desk.phone}" if desk.phone else ""
    return f"Send this form to {desk.name}: {', '.join(filter(None, (*ways, phone)))}."


def _sections(guide: Guide, form: reporting.Form, said: Mapping[str, str] | None) -> list[Section]:
    parts: list[tuple[str, str, list[Field]]] = []
    pending = form.text
    for one in form.fields:
        texts = [name for name in (one.above, pending if one.kind == "signature" else "") if name]
        pending = "" if one.kind == "signature" else pending
        if not parts or texts or parts[-1][0] != one.section:
            parts.append((one.section, "\n\n".join(_text(guide, name, said) for name in texts), []))
        parts[-1][2].append(_field(one))
    if pending:
        parts.append(("", _text(guide, pending, said), []))
    return [
        Section("" if place and title == parts[place - 1][0] else title, tuple(fields), text)
        for place, (title, text, fields) in enumerate(parts)
    ]


def _text(guide: Guide, name: str, said: Mapping[str, str] | None) -> str:
    wanted = guide.wording[name].variables
    return guide.say(name, **{each: BLANK if said is None else said[each] for each in wanted}).body


def variables(guide: Guide, form: reporting.Form) -> tuple[str, ...]:
    """Return the variables that the texts of a form need when it is filled in."""
    names = filter(None, (form.text, *(field.above for field in form.fields)))
    return tuple(dict.fromkeys(chain.from_iterable(guide.wording[name].variables for name in names)))


def _field(one: reporting.FormField) -> Field:
    kind = KINDS.get(one.kind, "line")
    count = one.most or LINES.get(one.kind, 1)
    if one.kind == "numbers" and one.most is None:
        kind = "block"
    elif kind == "line" and count > 1:
        kind = "entries"
    choices = ("Yes", "No") if one.kind == "yes_no" else one.choices
    only = f"{', '.join(one.only_for).capitalize()} only" if one.only_for else ""
    return Field(
        one.id,
        one.label,
        kind,
        required=one.required,
        hint=". ".join(filter(None, (only, one.hint))),
        choices=tuple((choice, choice) for choice in choices),
        value=one.value,
        wide=kind not in {"line", "apart"},
        count=count,
        parts=one.parts,
    )
