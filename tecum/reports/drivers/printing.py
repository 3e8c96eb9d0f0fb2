"""A report as tagged PDF, and its tables as CSV or XLSX."""

import base64
from collections.abc import Mapping, Sequence
from html import escape

from tecum.documents import spreadsheets
from tecum.documents.drivers import pdf
from tecum.reports.drivers import drawing
from tecum.reports.rules.content import Content, Picture, Table

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
STYLE = """
@page { size: letter; margin: 0.8in 0.8in 0.9in;
  @bottom-left { content: string(carrier); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 }
  @bottom-right { content: string(report) ", page " counter(page) " of " counter(pages); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 } }
html { font: 10.5pt/1.4 "Source Sans Pro", sans-serif; color: #1b1b1b }
.carrier { string-set: carrier content(); margin: 0; font-weight: 700 } .ref { string-set: report content() }
h1 { font-size: 20pt; line-height: 1.15; margin: 18pt 0 4pt; color: #162e51 } h2 { font-size: 12.5pt; margin: 18pt 0 4pt; color: #162e51; break-after: avoid }
.quiet { color: #3d4551; font-size: 9.5pt } .lead { font-size: 12pt; margin: 8pt 0 0 } img { width: 100% }
table { width: 100%; border-collapse: collapse; margin: 4pt 0 0 } th, td { text-align: right; padding: 3pt 0 3pt 8pt; vertical-align: top }
th:first-child, td:first-child { text-align: left; padding-left: 0 } tbody th { font-weight: 400 } thead th { border-bottom: 1.2pt solid #162e51; font-size: 9pt; vertical-align: bottom }
tbody tr { border-bottom: 0.4pt solid #c9c9c9; break-inside: avoid } .facts { width: auto } .facts td, .facts th { padding-right: 14pt; text-align: left }
.hash { font-family: monospace; font-size: 8.5pt; overflow-wrap: anywhere } .signed { border: 0.8pt solid #162e51; padding: 8pt 10pt; margin-top: 20pt } .signed p { margin: 0 0 5pt; white-space: pre-line }
"""


def printed(
    content: Content, *, carrier: str, about: Sequence[tuple[str, str]], signed: Sequence[tuple[str, str]]
) -> bytes:
    """
    Return a report as PDF; `about` says how it came about, `signed` what an officer stated.

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return pdf.render(html(content, carrier=carrier, about=about, signed=signed, fonts=pdf.faces()))


def html(
    content: Content,
    *,
    carrier: str,
    about: Sequence[tuple[str, str]],
    signed: Sequence[tuple[str, str]],
    fonts: str = "",
) -> str:
    """Return the page that is printed."""
    reference = dict(about).get("Report", "")
    parts = [_picture(one) for one in content.pictures] + [_table(one) for one in content.tables]
    rules = "".join(f"<li>{escape(rule)}</li>" for rule in content.rules)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(content.title)} {escape(reference)}</title>'
        f"<style>{fonts}{STYLE}</style></head><body>"
        f'<p class="carrier">{escape(carrier)}</p><h1>{escape(content.title)}</h1>'
        f'<p class="quiet"><span class="ref">{escape(reference)}</span></p><p class="lead">{escape(content.lead)}</p>'
        f"{_pairs(content.facts)}{''.join(parts)}<h2>How it was counted</h2><ul>{rules}</ul>"
        f"{_signed(signed)}<h2>How to check it</h2>{_pairs(about)}</body></html>"
    )


def _pairs(pairs: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f'<tr><th scope="row">{escape(name)}</th><td{_hash(value)}>{escape(value)}</td></tr>'
        for name, value in pairs
    )
    return f'<table class="facts"><tbody>{rows}</tbody></table>' if rows else ""


def _hash(value: str) -> str:
    return ' class="hash"' if len(value) == 64 and " " not in value else ""


def _picture(picture: Picture) -> str:
    drawn = base64.b64encode(drawing.svg(picture, ident="p").encode()).decode()
    says = f"{picture.title}. {picture.says} The table has the same figures."
    return f'<h2>{escape(picture.title)}</h2><p class="quiet">{escape(picture.says)}</p><img alt="{escape(says)}" src="data:image/svg+xml;base64,{drawn}">'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(name) or "<span>&#160;</span>"}</th>' for name in table.header)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    note = f'<p class="quiet">{escape(table.note)}</p>' if table.note else ""
    return f"<h2>{escape(table.title)}</h2><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{note}"


def _signed(signed: Sequence[tuple[str, str]]) -> str:
    rows = "".join(f"<p><strong>{escape(name)}</strong><br>{escape(said)}</p>" for name, said in signed)
    return f'<div class="signed">{rows}</div>' if rows else ""


def listed(content: Content, *, form: str, about: Sequence[tuple[str, str]]) -> bytes:
    """Return every table of a report in one file, `csv` or `xlsx`, each below its title."""
    width = max((len(table.header) for table in content.tables), default=2)
    rows: list[Sequence[str]] = []
    for table in content.tables:
        rows += [(), (table.title,), table.header, *table.rows]
    notes = [content.title, *(f"{name}: {value}" for name, value in (*content.facts, *about))]
    return _file(form, title=content.title, notes=notes, header=["Table", *[""] * (width - 1)], rows=rows)


def register(header: Sequence[str], lines: Sequence[Sequence[str]], *, form: str, about: Mapping[str, str]) -> bytes:  # fmt: skip
    """Return the lines of the register in one file."""
    notes = [f"{name}: {value}" for name, value in about.items()]
    return _file(form, title="Register", notes=notes, header=header, rows=lines)


def _file(
    form: str, *, title: str, notes: Sequence[str], header: Sequence[str], rows: Sequence[Sequence[str]]
) -> bytes:
    if form == "xlsx":
        return spreadsheets.as_xlsx(title=title, notes=notes, header=header, rows=rows)
    return spreadsheets.as_csv(notes=notes, header=header, rows=rows)
