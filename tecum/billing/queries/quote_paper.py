"""A quote as the PDF that an agency's office takes, from its frozen lines: the price before the work, and no invoice."""

from html import escape

from tecum.billing.queries.printing import STYLE
from tecum.cases.facts import Offer, QuoteLine
from tecum.cases.queries import CaseView, QuoteView
from tecum.documents.drivers import pdf
from tecum.guide.model.guide import Guide
from tecum.guide.saying import pays_to
from tecum.kernel import words


def printed(quote: QuoteView | Offer, guide: Guide, home: CaseView) -> bytes:
    """
    Return a quote, or the estimate of one that was not sent, as PDF.

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    return pdf.render(html(quote, guide, home, fonts=pdf.faces()))


def html(quote: QuoteView | Offer, guide: Guide, home: CaseView, *, fonts: str = "") -> str:
    """Return the page that is printed; it names the case and the prices, never a target."""
    sent = isinstance(quote, QuoteView)
    title = quote.reference if isinstance(quote, QuoteView) else f"Estimate for case {home.reference}"
    contact = "\n".join(filter(None, [home.contact.agency_name, home.contact.name]))
    rows = "".join(_row(line) for line in quote.lines)
    notes = "".join(f"<p>{escape(each)}</p>" for each in quote.notes)
    total = str(quote.low) if quote.low == quote.high else f"{quote.low} to {quote.high}"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{fonts}{STYLE}</style></head><body>"
        f'<p class="carrier">{escape(guide.carrier.name)}</p>'
        f'<p class="quiet">{escape(" ".join(guide.carrier.address.split()))}</p>'
        f'<h1>{escape(title)}</h1><div class="head"><div><h2>To</h2><p class="to">{escape(contact)}</p></div>'
        f'<div class="about"><table><tbody>{_facts(quote, guide, home)}</tbody></table></div></div>'
        '<table><thead><tr><th scope="col">Service</th><th scope="col" class="num">Quantity</th>'
        '<th scope="col" class="num">Price</th><th scope="col" class="num">Amount</th></tr></thead>'
        f'<tbody>{rows}</tbody><tfoot><tr><td colspan="3">In all</td><td class="num">{escape(total)}</td></tr></tfoot></table>'
        f'<div class="pay">{_answer(quote, guide) if sent else "<p>This is an estimate: nothing has to be accepted.</p>"}{notes}'
        "<p>This is no invoice. What is billed is what happened, by this schedule.</p></div></body></html>"
    )


def _facts(quote: QuoteView | Offer, guide: Guide, home: CaseView) -> str:
    tz = guide.carrier.zone.tz
    facts = {"Case": home.reference, "Schedule": quote.guide_version}
    if isinstance(quote, QuoteView):
        at = quote.offered_at.astimezone(tz)
        facts |= {
            "Date": f"{at.day} {at:%B %Y}",
            "Stands until": words.moment(quote.ends_at, tz) if quote.ends_at else "further notice",
        }
    return "".join(
        f'<tr><th scope="row">{name}</th><td>{escape(value)}</td></tr>' for name, value in facts.items()
    )


def _row(line: QuoteLine) -> str:
    per = (
        f"{line.unit_price} per {line.unit.replace('_', ' ')}"
        if line.unit and line.unit_price
        else line.unit_price
    )
    basis = f'<div class="quiet">{escape(line.basis)}</div>' if line.basis else ""
    return (
        f'<tr><td>{escape(line.label)}{basis}</td><td class="num">{escape(line.quantity)}</td>'
        f'<td class="num">{escape(per)}</td><td class="num">{escape(line.amount)}</td></tr>'
    )


def _answer(quote: QuoteView | Offer, guide: Guide) -> str:
    reference = quote.reference if isinstance(quote, QuoteView) else ""
    if isinstance(quote, QuoteView) and quote.in_advance:
        return (
            f"<p><strong>Please pay to:</strong> {escape(pays_to(guide))}</p><p>Name <strong>{escape(reference)}</strong> with the "
            "payment: by that it is accepted, and the work begins.</p>"
        )
    return f"<p>To accept it, write to us that the agency accepts <strong>{escape(reference)}</strong>; the work begins then.</p>"
