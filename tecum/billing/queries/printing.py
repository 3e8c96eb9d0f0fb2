"""An invoice as the PDF that a finance office takes: made from its frozen lines, the same each time."""

from html import escape
from zoneinfo import ZoneInfo

from tecum.billing.adapters import InvoiceView, LineView
from tecum.billing.states import PaperKind
from tecum.documents.drivers import pdf
from tecum.guide.model.guide import Guide

STYLE = """
@page { size: letter; margin: 0.75in 0.8in 0.85in;
  @bottom-left { content: string(carrier); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 }
  @bottom-right { content: string(number) ", page " counter(page) " of " counter(pages); font: 8.5pt "Source Sans Pro", sans-serif; color: #3d4551 } }
html { font: 10.5pt/1.35 "Source Sans Pro", sans-serif; color: #1b1b1b }
.carrier { string-set: carrier content(); margin: 0; font-weight: 700 } .quiet { color: #3d4551; font-size: 9.5pt }
h1 { string-set: number content(); font-size: 20pt; line-height: 1.15; margin: 20pt 0 10pt; color: #162e51 }
.head { display: table; width: 100% } .head > * { display: table-cell; vertical-align: top }
.to { white-space: pre-line; margin: 0 } h2 { font-size: 9.5pt; margin: 0 0 2pt; color: #3d4551; font-weight: 700 }
.about { width: 44% } .about table { margin: 0 } .about th { color: #3d4551; font-weight: 400; padding: 2pt 6pt 2pt 0 } .about td { font-weight: 600; text-align: right; padding: 2pt 0 }
table { width: 100%; border-collapse: collapse; margin: 18pt 0 0 } th, td { text-align: left; padding: 4pt 6pt 4pt 0; vertical-align: top }
thead th { border-bottom: 1.2pt solid #162e51; font-size: 9.5pt } tbody tr { border-bottom: 0.4pt solid #c9c9c9; break-inside: avoid }
.num { text-align: right; padding-right: 0; padding-left: 12pt; white-space: nowrap } tfoot td { padding-top: 6pt; font-weight: 700 } tfoot tr:first-child td { border-top: 1.2pt solid #162e51 }
.pay { margin-top: 20pt; padding: 8pt 10pt; border: 0.8pt solid #162e51; break-inside: avoid } .pay p { margin: 0 0 3pt }
"""


def printed(view: InvoiceView, guide: Guide, *, remit_to: str) -> bytes:
    """
    Return an invoice, or a credit note, as PDF.

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return pdf.render(html(view, guide, remit_to=remit_to, fonts=pdf.faces()))


def html(view: InvoiceView, guide: Guide, *, remit_to: str, fonts: str = "") -> str:
    """Return the page that is printed."""
    credit = view.kind is PaperKind.CREDIT
    title = f"{'Credit note' if credit else 'Invoice'} {view.number}"
    rows = "".join(_row(line) for line in view.lines)
    desk = next((one for one in guide.desks if one.id == guide.billing.desk), None)
    asks = f"Questions: {desk.name}" if desk is not None else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{fonts}{STYLE}</style></head><body>"
        f'<p class="carrier">{escape(guide.carrier.name)}</p>'
        f'<p class="quiet">{escape(" · ".join(filter(None, [" ".join(guide.carrier.address.split()), _tax(guide)])))}</p>'
        f'<h1>{escape(title)}</h1><div class="head"><div><h2>To</h2><p class="to">{escape(view.address)}</p></div>'
        f'<div class="about"><table><tbody>{_facts(view, guide)}</tbody></table></div></div>'
        '<table><thead><tr><th scope="col">Service</th><th scope="col" class="num">Quantity</th>'
        '<th scope="col" class="num">Price</th><th scope="col" class="num">Amount</th></tr></thead>'
        f"<tbody>{rows}</tbody><tfoot>{_feet(view)}</tfoot></table>"
        f'<div class="pay">{_pay(view, remit_to)}</div><p class="quiet">{escape(asks)}</p></body></html>'
    )


def _tax(guide: Guide) -> str:
    return f"Tax number {guide.billing.tax_id}" if guide.billing.tax_id else ""


def _facts(view: InvoiceView, guide: Guide) -> str:
    day = view.issued_at.astimezone(ZoneInfo(str(guide.carrier.zone)))
    facts = {
        "Date": f"{day:%d %B %Y}",
        "Due": "" if view.kind is PaperKind.CREDIT else due_words(view),
        "Corrects": view.credits,
        "Your reference": view.reference,
    }
    return "".join(
        f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>'
        for name, value in facts.items()
        if value
    )


def _row(line: LineView) -> str:
    waived = f'<div class="quiet">Waived: {escape(line.waiver_label)}</div>' if line.waiver else ""
    basis = f'<div class="quiet">{escape(line.basis)}</div>' if line.basis else ""
    price = (
        f"{line.unit_price} per {line.unit.replace('_', ' ')}"
        if line.unit and line.unit_price
        else line.unit_price
    )
    return (
        f'<tr><td>{escape(line.label)}{basis}{waived}</td><td class="num">{line.quantity:f}</td>'
        f'<td class="num">{escape(price)}</td><td class="num">{escape(str(line.amount))}</td></tr>'
    )


def _feet(view: InvoiceView) -> str:
    rows = [("Tax", "none"), ("Total", str(view.total))]
    return "".join(
        f'<tr><td colspan="3">{name}</td><td class="num">{escape(str(amount))}</td></tr>'
        for name, amount in rows
    )


def _pay(view: InvoiceView, remit_to: str) -> str:
    if view.kind is PaperKind.CREDIT:
        return f"<p>This corrects invoice {escape(view.credits)}. Nothing is to be paid by it.</p><p>{escape(view.why)}</p>"
    return (
        f"<p><strong>Please pay to:</strong> {escape(remit_to)}</p>"
        f"<p>Name <strong>{escape(view.number)}</strong> with the payment. A correction is made by a credit note.</p>"
    )


def said(line: LineView) -> str:
    """Return a line as a letter says it."""
    number = f"{line.quantity:f}"
    waived = f" (waived: {line.waiver_label})" if line.waiver and not line.amount else ""
    return f"{line.label}, {number} at {line.unit_price}: {line.amount}{waived}"


def due_words(view: InvoiceView) -> str:
    """Return the day an invoice is due as a letter says it."""
    return f"{view.due_on:%d %B %Y}" if view.due_on else "on receipt"
