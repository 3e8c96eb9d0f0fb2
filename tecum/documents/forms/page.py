"""A form as the HTML that is printed."""

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
.fields { display: flex; flex-wrap: wrap; justify-content: space-between }
.field { width: 48.7%; margin: 0 0 7pt; break-inside: avoid }
.wide { width: 100% }
label { display: block; font-weight: 700; font-size: 9.5pt }
.hint { color: #3d4551; font-size: 8.8pt; line-height: 1.2 }
.must { color: #b50909 }
input, select { display: block; box-sizing: border-box; width: 100%; height: 19pt; margin: 1.5pt 0 0; padding: 2pt 4pt;
  border: 0.8pt solid #565c65; background: #fff; color: #1b1b1b; font: 10.5pt "Source Sans Pro", sans-serif }
.tick { display: flex; width: 100%; align-items: flex-start }
.fields { align-items: flex-end }
.tick input { flex: none; width: 12pt; height: 12pt; margin: 1.5pt 7pt 0 0; padding: 0 }
.tick label { font-weight: 400; font-size: 10.5pt }
"""


def html(form: Form, *, fonts: str) -> str:
    """Return the page; `fonts` are font faces whose sources are data, because nothing is fetched."""
    sections = "".join(_section(section) for section in form.sections)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(form.title)}</title>'
        f'<meta name="author" content="{escape(form.carrier)}"><style>{fonts}{STYLE}</style></head><body><form>'
        f'<p class="carrier">{escape(form.carrier)}</p><h1>{escape(form.title)}</h1>'
        f'<p class="intro">{escape(form.intro)} Fields marked <span class="must">*</span> must be filled in.</p>'
        f"{sections}</form></body></html>"
    )


def _section(section: Section) -> str:
    fields = "".join(_field(field) for field in section.fields)
    return f'<section><h2>{escape(section.title)}</h2><div class="fields">{fields}</div></section>'


def _field(field: Field) -> str:
    must = ' <span class="must">*</span>' if field.required else ""
    label = f'<label for="{field.name}">{escape(field.label)}{must}</label>{_hint(field)}'
    if field.kind == "tick":
        return f'<div class="field tick"><input type="checkbox" id="{field.name}" name="{field.name}">{label}</div>'
    wide = " wide" if field.wide else ""
    return f'<div class="field{wide}">{label}{_control(field)}</div>'


def _hint(field: Field) -> str:
    return f'<div class="hint">{escape(field.hint)}</div>' if field.hint else ""


def _control(field: Field) -> str:
    if field.kind == "choice":
        options = "".join(
            f'<option value="{escape(value)}">{escape(label)}</option>' for value, label in field.choices
        )
        return f'<select id="{field.name}" name="{field.name}"><option value=""></option>{options}</select>'
    return f'<input type="text" id="{field.name}" name="{field.name}" value="{escape(field.value)}" maxlength="{field.longest}">'
