"""A form as the HTML that is printed: with fields to type into, or filled in."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from tecum.documents.forms.fields import Field, Form, Section

STYLE = """
@page { size: letter; margin: 0.7in 0.75in 0.8in;
  @bottom-left { content: string(carrier); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 } }
html { font: 10.5pt/1.35 "Source Sans Pro", sans-serif; color: #1b1b1b }
.carrier { string-set: carrier content(); margin: 0; color: #3d4551; font-size: 10pt }
h1 { font-size: 19pt; line-height: 1.15; margin: 0 0 6pt; color: #162e51 }
.intro { margin: 0 0 12pt }
h2 { font-size: 12.5pt; margin: 12pt 0 5pt; padding-bottom: 2pt; border-bottom: 1.2pt solid #162e51; color: #162e51;
  break-after: avoid }
.fields { margin-right: -12pt }
.field { display: inline-block; box-sizing: border-box; width: 50%; padding-right: 12pt; margin: 0 0 7pt; vertical-align: bottom; break-inside: avoid }
.wide { width: 100% } .thirds .field { width: 33.3% } .fields { orphans: 1; widows: 1 }
label, .label { display: block; font-weight: 700; font-size: 9.5pt }
.hint { color: #3d4551; font-size: 8.8pt; line-height: 1.2 }
.must { color: #b50909 }
input, select, textarea { display: block; box-sizing: border-box; width: 100%; height: 19pt; margin: 1.5pt 0 0; padding: 2pt 4pt;
  border: 0.8pt solid #565c65; background: #fff; color: #1b1b1b; font: 10.5pt "Source Sans Pro", sans-serif }
textarea { height: 36pt }
.tick { display: flex; width: 100%; align-items: flex-start }
.signature .fields { margin-top: 3pt }
.tick input { flex: none; width: 12pt; height: 12pt; margin: 1.5pt 7pt 0 0; padding: 0 }
.tick label { font-weight: 400; font-size: 10.5pt }
fieldset { border: 0; margin: 0; padding: 0 } legend { font-weight: 700; font-size: 9.5pt; margin: 0 0 2pt; padding: 0 }
.options { display: flex; flex-wrap: wrap } .option { display: flex; align-items: flex-start; width: 48.7%; margin: 1.5pt 1.3% 1.5pt 0 }
.option input { flex: none; width: 11pt; height: 11pt; margin: 1.5pt 6pt 0 0; padding: 0 } .option input[type=radio] { border-radius: 50% }
.option label { font-weight: 400; font-size: 10pt }
.entries { display: flex; flex-wrap: wrap; justify-content: space-between } .entry { display: flex; align-items: center; width: 48.7%; margin: 0 0 2.5pt }
.entry label { flex: none; width: 15pt; font-weight: 400; color: #3d4551 } .entry input { flex: 1; margin: 0; height: 17pt }
.one-line .entry, .whole .option { width: 100% }
.sign { height: 26pt; border-bottom: 0.8pt solid #1b1b1b; margin: 0 0 2pt }
.prose p { margin: 0 0 6pt } .prose { margin: 0 0 8pt; break-inside: avoid }
.value { min-height: 15pt; border-bottom: 0.6pt solid #8d9297; white-space: pre-line; font-size: 10.5pt }
.mark { flex: none; display: inline-block; width: 10pt; height: 10pt; margin: 2pt 6pt 0 0; border: 0.8pt solid #1b1b1b; font: 700 9pt/10pt "Source Sans Pro", sans-serif; text-align: center }
"""
SENTENCE = 60  # characters of an answer that needs the width of the page
Prose = Callable[[str], str]
Filled = Mapping[str, Sequence[str]]


def html(form: Form, *, fonts: str, prose: Prose = escape, filled: Filled | None = None) -> str:
    """
    Return the page; `fonts` are font faces whose sources are data, because nothing is fetched.

    `prose` turns the Markdown of a section into HTML; with `filled` the values are printed and nothing can be typed.
    """
    sections = "".join(_section(section, prose, filled) for section in form.sections)
    marked = ' Fields marked <span class="must">*</span> must be filled in.'
    must = marked if filled is None and any(field.required for field in form.fields) else ""
    said = f"{escape(form.intro)}{must}".strip()
    intro = f'<p class="intro">{said}</p>' if said else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(form.title)}</title>'
        f'<meta name="author" content="{escape(form.carrier)}"><style>{fonts}{STYLE}</style></head><body><form>'
        f'<p class="carrier">{escape(form.carrier)}</p><h1>{escape(form.title)}</h1>'
        f"{intro}{sections}</form></body></html>"
    )


def _section(section: Section, prose: Prose, filled: Filled | None) -> str:
    write = _field if filled is None else lambda field: _printed(field, tuple(filled.get(field.name, ())))
    fields = "".join(write(field) for field in section.fields)
    head = f"<h2>{escape(section.title)}</h2>" if section.title else ""
    text = f'<div class="prose">{prose(section.text)}</div>' if section.text else ""
    thirds = len(section.fields) == 3 and all(field.kind == "line" for field in section.fields)
    css = "fields thirds" if thirds else "fields"
    return f'<section>{head}{text}<div class="{css}">{fields}</div></section>'


def _field(field: Field) -> str:
    several = {"ticks": _options, "one": _options, "entries": _entries, "signature": _signature}
    if field.kind in several:
        return f'<div class="field wide">{several[field.kind](field)}</div>'
    if field.kind == "apart":
        return f'<div class="field"><div class="label">{escape(field.label)}</div>{_hint(field)}</div>'
    label = f'<label for="{field.name}">{escape(field.label)}{_must(field)}</label>{_hint(field)}'
    if field.kind == "tick":
        return f'<div class="field tick"><input type="checkbox" id="{field.name}" name="{field.name}">{label}</div>'
    wide = " wide" if field.wide else ""
    return f'<div class="field{wide}">{label}{_control(field)}</div>'


def _must(field: Field) -> str:
    return ' <span class="must">*</span>' if field.required else ""


def _hint(field: Field) -> str:
    return f'<div class="hint">{escape(field.hint)}</div>' if field.hint else ""


def _control(field: Field) -> str:
    if field.kind == "choice":
        options = "".join(
            f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in field.choices
        )
        return f'<select id="{field.name}" name="{field.name}"><option value=""></option>{options}</select>'
    if field.kind == "block":
        return f'<textarea id="{field.name}" name="{field.name}"></textarea>'
    return f'<input type="text" id="{field.name}" name="{field.name}" value="{escape(field.value)}" maxlength="{field.longest}">'


def _group(field: Field, inner: str, css: str) -> str:
    legend = f"<legend>{escape(field.label)}{_must(field)}</legend>"
    return f'<fieldset>{legend}{_hint(field)}<div class="{css}">{inner}</div></fieldset>'


def _options(field: Field) -> str:
    """Return boxes of which any, or one, is ticked."""
    kind = "radio" if field.kind == "one" else "checkbox"
    inner = ""
    for place, (value, label) in enumerate(field.choices, 1):
        one = f"{field.name}_{place}"
        name = field.name if kind == "radio" else one
        inner += (
            f'<div class="option"><input type="{kind}" id="{one}" name="{name}" value="{escape(value)}">'
            f'<label for="{one}">{escape(label)}</label></div>'
        )
    return _group(field, inner, _width(field))


def _width(field: Field) -> str:
    """Return how options stand: two in a row, or one where any is a sentence."""
    return "options whole" if any(len(label) > SENTENCE for _, label in field.choices) else "options"


def _entries(field: Field) -> str:
    """Return numbered lines, two in a row where they are many."""
    inner = "".join(
        f'<div class="entry"><label for="{name}">{place}</label><input type="text" id="{name}" name="{name}"></div>'
        for place, name in enumerate(field.names, 1)
    )
    return _group(field, inner, "entries" if field.count > 4 else "entries one-line")


def _signature(field: Field) -> str:
    """Return a line to sign on, and what stands beneath it."""
    parts = "".join(
        f'<div class="field"><label for="{name}">{escape(part)}</label><input type="text" id="{name}" name="{name}"></div>'
        for name, part in zip(field.names, field.parts, strict=True)
    )
    return _group(field, f'<div class="sign"></div><div class="fields">{parts}</div>', "signature")


def _printed(field: Field, values: tuple[str, ...]) -> str:
    """Return a field with its value and nothing to type into."""
    label = f'<div class="label">{escape(field.label)}</div>{_hint(field)}'
    wide = " wide" if field.wide else ""
    if field.kind == "apart":
        return f'<div class="field">{label}</div>'
    if field.kind in {"one", "ticks"}:
        marks = "".join(
            f'<div class="option"><span class="mark">{"X" if value in values else ""}</span> {escape(text)}</div>'
            for value, text in field.choices
        )
        return f'<div class="field wide">{label}<div class="{_width(field)}">{marks}</div></div>'
    said = escape("\n".join(values))
    return f'<div class="field{wide}">{label}<div class="value">{said}</div></div>'
