"""The pages of a published guide as HTML and as tagged PDF."""

import re
from collections.abc import Collection
from datetime import date
from html import escape
from pathlib import Path

from tecum.documents import printing
from tecum.documents.drivers import pdf
from tecum.documents.drivers.markdown import to_html
from tecum.documents.guide import parts, sections, urgent
from tecum.guide.model.guide import Guide
from tecum.guide.model.reporting import Form

_HEADING = re.compile(r'<section id="([^"]+)"><h2>(.*?)</h2>')


def page(guide: Guide, on: date, what: str, *, fonts: str = "") -> str:
    """Return one page as HTML: the guide, the schedule, the texts or the forms."""
    if what == "guide":
        title, body = guide.guide.title or "Guide for Law Enforcement", _whole(guide, on)
    elif what == "schedule":
        title, body = "Fee schedule", sections.fees(guide, on) or "<p>The guide has no fees.</p>"
    elif what == "texts":
        title, body = "Texts", _texts(guide)
    else:
        title, body = "Forms", _forms(guide, on)
    dated = f"In force on {on:%-d %B %Y}, version {guide.version} of {guide.guide.effective_from:%-d %B %Y}"
    return parts.html(title, guide.carrier.name, dated, body, fonts=fonts)


def write(
    guide: Guide, on: date, folder: Path, *, what: Collection[str], formats: Collection[str]
) -> list[Path]:
    """
    Write the pages into a folder and return the files. As PDF, every form is a file of its own that can be typed into.

    :raises NoPrinter: where a PDF is wanted and this machine lacks the libraries
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for one in what:
        if "html" in formats:
            written.append(folder / f"{guide.guide.name}-{one}.html")
            written[-1].write_text(page(guide, on, one, fonts=pdf.faces()), encoding="utf-8")
        if "pdf" in formats and one == "forms":
            for form in printing.printable(guide, on):
                written.append(folder / f"{guide.guide.name}-form-{form.id}.pdf")
                written[-1].write_bytes(printing.blank(guide, form.id, on=on))
        elif "pdf" in formats:
            written.append(folder / f"{guide.guide.name}-{one}.pdf")
            written[-1].write_bytes(pdf.render(page(guide, on, one, fonts=pdf.faces())))
    return written


def _whole(guide: Guide, on: date) -> str:
    body = "".join(one(guide, on) for one in sections.SECTIONS)
    links = [f'<a href="#{anchor}">{title}</a>' for anchor, title in _HEADING.findall(body)]
    contents = f'<nav class="toc" aria-label="Contents"><h2>Contents</h2>{parts.listed(links, "ol")}</nav>'
    return urgent.emergencies_first(guide, on) + contents + body


def _texts(guide: Guide) -> str:
    """Return every text with its variables shown in brackets."""
    found = []
    for name, text in sorted(guide.wording.items()):
        said = guide.say(name, **{variable: f"[{variable.replace('_', ' ')}]" for variable in text.variables})
        subject = f'<p class="quiet">Subject: {escape(said.subject)}</p>' if said.subject else ""
        found.append(
            parts.section(
                name, said.title or name.replace("_", " ").capitalize(), subject, to_html(said.body)
            )
        )
    return "".join(found) or "<p>The guide has no texts.</p>"


def _forms(guide: Guide, on: date) -> str:
    return (
        "".join(_form(guide, form) for form in guide.on(guide.forms, on)) or "<p>The guide has no forms.</p>"
    )


def _form(guide: Guide, form: Form) -> str:
    rows = []
    for field in form.fields:
        choices = f": {' ☐ '.join(('', *field.choices)).strip()}" if field.choices else ""
        must = " (required)" if field.required else ""
        most = f" (up to {field.most})" if field.most else ""
        only = f" ({', '.join(field.only_for)} only)" if field.only_for else ""
        rows.append(
            f'<div class="formrow">{escape(field.label)}{escape(choices)}{must}{most}{escape(only)}</div>'
        )
    text = guide.wording[form.text] if form.text else None
    said = (
        to_html(guide.say(text.id, **{v: f"[{v.replace('_', ' ')}]" for v in text.variables}).body)
        if text
        else ""
    )
    label = f" ({form.label})" if form.label else ""
    return parts.section(f"form-{form.id}", form.title + label, "".join(rows), said)
