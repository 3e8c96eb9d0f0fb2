"""The papers of a production as PDF: statement and coverage."""

import io
from collections.abc import Mapping, Sequence
from html import escape

import pikepdf

from tecum.documents.drivers import pdf
from tecum.guide.model.guide import Guide
from tecum.kernel import numbers, words
from tecum.kernel.periods import Period
from tecum.notices.drivers import letters
from tecum.notices.drivers.letters import Value
from tecum.production.rules.bag import Entry
from tecum.production.rules.facts import Inputs
from tecum.records.rules.scope import Scope

STYLE = """
@page{size:letter;margin:2.2cm 2cm 2cm;@bottom-left{content:"REFERENCE";font:8pt "Source Sans Pro"}
@bottom-right{content:counter(page) " of " counter(pages);font:8pt "Source Sans Pro"}}
body{font:10.5pt/1.45 "Source Sans Pro";color:#1b1b1b}h1{font-size:18pt;margin:0 0 2pt}h2{font-size:12.5pt;margin:18pt 0 4pt}
.from{font-size:9.5pt;margin:0 0 16pt;color:#454545}p{margin:0 0 7pt}ol,ul{margin:0 0 7pt}
table{border-collapse:collapse;width:100%;font-size:8.5pt;margin:4pt 0 10pt}caption{text-align:left;font-size:9.5pt;padding:0 0 3pt}
th,td{border-bottom:.5pt solid #a9aeb1;padding:3pt 6pt 3pt 0;text-align:left;vertical-align:top}thead th{border-bottom:1pt solid #1b1b1b}
tr{break-inside:avoid}.hash{font-family:monospace;font-size:7pt;overflow-wrap:anywhere}.num{text-align:right}
.sign{margin-top:20pt;break-inside:avoid}.quiet{color:#454545}.whole{white-space:nowrap}.sign .quiet{font-size:9pt}
"""


def said(guide: Guide, name: str, values: Mapping[str, Value]) -> str:
    """Return a wording of the guide as HTML, the values never read as markup. :raises NotInGuide: when it has none"""
    return letters.write(guide, name, values).html


def paper(*, title: str, guide: Guide, reference: str, body: str, facts: Mapping[str, str]) -> bytes:
    """Return a page as a tagged PDF; `facts` stand in its information dictionary, readable without any tool."""
    style = STYLE.replace("REFERENCE", reference)
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{pdf.faces()}{style}</style></head><body><h1>{escape(title)}</h1>"
        f'<p class="from">{escape(guide.carrier.name)}, production {escape(reference)}</p>{body}</body></html>'
    )
    with pikepdf.open(io.BytesIO(pdf.render(html))) as document:
        for name, value in facts.items():
            document.docinfo[f"/{name}"] = value
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def files(entries: Sequence[Entry], *, caption: str) -> str:
    """Return the table of files with their hash values."""
    rows = "".join(
        f'<tr><th scope="row">{escape(each.path)}</th><td class="num">{each.size:,}</td><td class="hash">{each.sha256}</td></tr>'
        for each in entries
    )
    head = '<tr><th scope="col">File</th><th scope="col">Bytes</th><th scope="col">SHA-256</th></tr>'
    return f"<table><caption>{escape(caption)}</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"


def signature(inputs: Inputs, *, at: str) -> str:
    """Return who gives the statement, when, and how its signature is checked."""
    who = inputs.declarant
    return (
        f'<div class="sign"><p><strong>{escape(who.name)}</strong><br>{escape(who.title)}<br>{escape(at)}</p>'
        '<p class="quiet">This file carries an electronic signature of the carrier. pdfsig, or any reader of PDF that shows '
        "signatures, tells whether it was changed since and whose certificate signed it.</p></div>"
    )


def accounted(inputs: Inputs, guide: Guide) -> str:
    """Return what became of each interval that was asked for."""
    names = product_names(guide)
    rows = [
        [
            _what(each.product, each.number, names),
            _when(each.period, guide),
            "yes" if each.held else "no",
            escape(each.outcome.value) + (f", {each.rows:,} rows" if each.rows else ""),
            escape(each.why),
        ]
        for each in inputs.coverage
    ]
    heads = ("What", "From, until (not included)", "Held", "Outcome", "Why")
    return _table("Every interval that was asked for, and what became of it", heads, rows)


def authorised(scope: Scope, guide: Guide) -> str:
    """Return what may leave, each part with the words that authorise it."""
    names = product_names(guide)
    rows = [
        [_what(each.product, each.number, names), _when(each.period, guide), escape(each.clause)]
        for each in scope.grants
    ]
    heads = ("What", "From, until (not included)", "Authorised by")
    return _table("What was authorised, and by which words", heads, rows)


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column names the row; cells are HTML already."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in heads)
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
        for first, *cells in rows
    )
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _what(product: str, number: str, names: Mapping[str, str]) -> str:
    shown = numbers.grouped(number) if numbers.is_canonical(number) else number
    return f'{escape(names.get(product, product))}<br><span class="whole">{escape(shown)}</span>'


def _when(period: Period, guide: Guide) -> str:
    """Return both ends in the carrier's zone, with UTC beneath: a court must not have to calculate."""
    zone = guide.carrier.zone.tz
    ends = (
        f'<span class="whole">{escape(words.moment(at, zone))}</span><br>'
        f'<span class="whole quiet">{escape(words.utc(at))}</span>'
        for at in (period.start, period.end)
    )
    return "<br>".join(ends)


def product_names(guide: Guide) -> dict[str, str]:
    """Return id → name of the guide's products."""
    return {product.id: product.name for product in guide.products}
