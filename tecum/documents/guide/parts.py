"""Small pieces of a published page."""

from collections.abc import Iterable, Sequence
from html import escape

from tecum.documents.drivers.markdown import linked, to_html

STYLE = """
:root { --ink: #1b1b1b; --quiet: #454b53; --line: #cfd4d9; --navy: #12304f; --red: #a3180c; --wash: #f5f7f8 }
html { font: 16px/1.5 "Source Sans Pro", "Source Sans Pro Web", "Helvetica Neue", Arial, sans-serif; color: var(--ink) }
body { margin: 0 auto; max-width: 52rem; padding: 2rem 1.25rem 4rem; font-variant-numeric: tabular-nums lining-nums }
header { border-bottom: 3px solid var(--navy); padding-bottom: 1rem; margin-bottom: 1.5rem }
.carrier { margin: 0; color: var(--quiet) } h1 { font-size: 2rem; line-height: 1.15; margin: .25rem 0; color: var(--navy) }
.dated { margin: 0; color: var(--quiet) } h2 { font-size: 1.35rem; color: var(--navy); margin: 2.25rem 0 .5rem; padding-top: .5rem; border-top: 1px solid var(--line) }
h3 { font-size: 1.05rem; margin: 1.25rem 0 .25rem } p { margin: 0 0 .75rem } ul, ol { margin: 0 0 .75rem; padding-left: 1.25rem } li { padding-left: .2rem }
a { color: #005ea2 } table { border-collapse: collapse; width: 100%; margin: .25rem 0 1rem } caption { text-align: left; font-weight: 700; padding-bottom: .25rem }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line) }
thead th { border-bottom: 2px solid var(--navy); font-size: .875rem } tbody th { font-weight: 600; width: 38% } .about { display: block; font-weight: 400; font-size: .9rem; color: var(--quiet) }
td.num { white-space: nowrap } .quiet { color: var(--quiet); font-size: .9rem }
.urgent { border-left: 6px solid var(--red); background: #fbeeec; padding: 1rem 1.25rem; margin-bottom: 1.5rem } .urgent h2 { border: 0; margin-top: 0; padding: 0; color: var(--red) }
.urgent ol { margin: 0 0 .5rem } .urgent > p:last-child { margin: 0 } .toc ol { columns: 2; column-gap: 2.5rem; list-style: none; padding: 0 } .toc li { break-inside: avoid; padding: .1rem 0 }
.desk { break-inside: avoid; border-top: 1px solid var(--line); padding: .75rem 0 } .desk h3 { margin-top: 0 }
.desk dl { display: grid; grid-template-columns: 8rem 1fr; gap: .15rem 1rem; margin: 0 } dt { color: var(--quiet) } dd { margin: 0; white-space: pre-line }
blockquote { margin: 0 0 .75rem; padding: .25rem 0 .25rem 1rem; border-left: 3px solid var(--line) }
.formrow { border-bottom: 1px solid var(--line); padding: .3rem 0 } .markets { columns: 2; column-gap: 2.5rem } .markets li { break-inside: avoid }
.table-wrap { overflow-x: auto }
dl.facts { display: grid; grid-template-columns: 12rem 1fr; gap: .2rem 1rem; margin: .5rem 0 1rem; break-inside: avoid } dl.facts dd p { margin: 0 0 .4rem }
figure { margin: .75rem 0 1rem; break-inside: avoid } figure img { display: block; max-width: 100%; border: 1px solid var(--line) } figcaption { color: var(--quiet); font-size: .9rem; padding-top: .25rem }
@page { size: letter; margin: .8in .8in .9in;
  @bottom-left { content: string(carrier); font: 8.5pt "Source Sans Pro", sans-serif; color: #454b53 }
  @bottom-right { content: "Page " counter(page) " of " counter(pages); font: 8.5pt "Source Sans Pro", sans-serif; color: #454b53 } }
@media print { figure img { max-width: 86% } html { font-size: 10pt; line-height: 1.38 } body { padding: 0; max-width: none } .carrier { string-set: carrier content() }
  h1 { font-size: 22pt } h2 { font-size: 14pt; break-after: avoid; bookmark-level: 1 } h3 { font-size: 11pt; break-after: avoid } tr, .formrow { break-inside: avoid } caption { break-after: avoid }
  a { color: inherit; text-decoration: none } .urgent a[href^="#"]::after { content: " (page " target-counter(attr(href), page) ")" } .toc a::after { content: leader(".") " " target-counter(attr(href), page) } .toc ol { columns: 1 }
  .toc { break-after: page } thead { display: table-header-group } }
@media (max-width: 40rem) { .toc ol, .markets { columns: 1 } .desk dl { grid-template-columns: 1fr } }
"""


def html(title: str, carrier: str, dated: str, body: str, *, fonts: str = "") -> str:
    """Return a whole page."""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}: {escape(carrier)}</title>'
        f'<meta name="viewport" content="width=device-width"><meta name="author" content="{escape(carrier)}">'
        f"<style>{fonts}{STYLE}</style></head><body><header>"
        f'<p class="carrier">{escape(carrier)}</p><h1>{escape(title)}</h1><p class="dated">{escape(dated)}</p>'
        f"</header><main>{body}</main></body></html>"
    )


def section(anchor: str, title: str, *parts: str) -> str:
    """Return a section with a heading; nothing when it would be empty."""
    body = "".join(parts)
    return f'<section id="{anchor}"><h2>{escape(title)}</h2>{body}</section>' if body.strip() else ""


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Return a table whose first cell of each row is its head; cells are HTML already; an empty column is left out."""
    rows = list(rows)
    kept = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    heads = [heads[place] for place in kept]
    rows = [[row[place] for place in kept] for row in rows]
    lines = [
        f'<tr><th scope="row">{row[0]}</th>{"".join(f"<td>{cell}</td>" for cell in row[1:])}</tr>'
        for row in rows
    ]
    if not lines:
        return ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in heads)
    said = f"<caption>{escape(caption)}</caption>" if caption else ""
    return f'<div class="table-wrap" tabindex="0" role="region" aria-label="{escape(caption or heads[0])}"><table>{said}<thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>'


def listed(items: Iterable[str], kind: str = "ul", name: str = "") -> str:
    """Return a list; items are HTML already."""
    lines = "".join(f"<li>{item}</li>" for item in items)
    css = f' class="{name}"' if name else ""
    return f"<{kind}{css}>{lines}</{kind}>" if lines else ""


def facts(pairs: Iterable[tuple[str, str]]) -> str:
    """Return terms with their values; what is empty is left out."""
    rows = "".join(
        f"<dt>{escape(term)}</dt><dd>{linked(value.strip())}</dd>" for term, value in pairs if value.strip()
    )
    return f"<dl>{rows}</dl>" if rows else ""


def paragraph(text: str, css: str = "") -> str:
    """Return plain text as a paragraph."""
    return (
        f'<p class="{css}">{linked(text)}</p>' if text and css else f"<p>{linked(text)}</p>" if text else ""
    )


__all__ = ["escape", "facts", "html", "linked", "listed", "paragraph", "section", "table", "to_html"]
