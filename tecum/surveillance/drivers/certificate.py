"""The record of an interception as a tagged PDF: every field of 47 CFR 1.20004, the signature, and the papers appended as files."""

import io
from collections.abc import Sequence
from datetime import datetime
from html import escape

import pikepdf

from tecum.documents.drivers import pdf
from tecum.guide.model.guide import Guide
from tecum.kernel import words
from tecum.notices.drivers import letters
from tecum.surveillance.rules.interceptions import Record

TITLE = "Record of interception"
TYPES = {"pen_register": "Pen register", "trap_and_trace": "Trap and trace", "title_iii": "Title III"}
STYLE = """
@page{size:letter;margin:2cm 2cm 2cm;@bottom-left{content:"REFERENCE";font:8pt "Source Sans Pro"}
@bottom-right{content:counter(page) " of " counter(pages);font:8pt "Source Sans Pro"}}
body{font:10.5pt/1.45 "Source Sans Pro";color:#1b1b1b}h1{font-size:18pt;margin:0 0 2pt;color:#162e51}
h2{font-size:12.5pt;margin:16pt 0 4pt;color:#162e51;break-after:avoid}.from{font-size:9.5pt;margin:0 0 12pt;color:#454545}p{margin:0 0 7pt}
dl{margin:0;display:grid;grid-template-columns:5.2cm 1fr;row-gap:4pt}dt{font-weight:700;font-size:9.5pt}dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:8.6pt;margin:4pt 0 10pt}caption{text-align:left;font-size:9.5pt;padding:0 0 3pt}
th,td{border-bottom:.5pt solid #a9aeb1;padding:3pt 6pt 3pt 0;text-align:left;vertical-align:top}thead th{border-bottom:1pt solid #1b1b1b}
tr{break-inside:avoid}.hash{font-family:monospace;font-size:7.2pt;overflow-wrap:anywhere}.whole{white-space:nowrap}
.sign{margin-top:14pt;padding-top:8pt;border-top:1pt solid #1b1b1b;break-inside:avoid}.quiet{color:#454545;font-size:8.6pt}
.no{border-left:3pt solid #b50909;padding:0 0 0 8pt}
"""


def printed(
    guide: Guide,
    said: Record,
    *,
    signed_by: str,
    signed_at: datetime,
    appended: Sequence[tuple[str, str, bytes]],
) -> bytes:
    """
    Return the signed record as PDF, with the authorization and its extensions appended as they came.

    :raises NoPrinter: where this machine lacks the libraries that print
    """
    style = STYLE.replace("REFERENCE", said.reference)
    body = "".join(
        [
            _facts(said, guide),
            _stretches(said, guide),
            _papers(said),
            _oath(guide, said),
            _sign(guide, said, signed_by, signed_at),
        ]
    )
    html = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{TITLE} {escape(said.reference)}</title>'
        f"<style>{pdf.faces()}{style}</style></head><body><h1>{TITLE}</h1>"
        f'<p class="from">{escape(guide.carrier.name)} · certification under 47 CFR 1.20004 · {escape(said.reference)}</p>'
        f"{body}</body></html>"
    )
    with pikepdf.open(io.BytesIO(pdf.render(html))) as document:
        for place, (name, kind, content) in enumerate(appended, 1):
            label = f"{place:02} {name}"
            spec = pikepdf.AttachedFileSpec(
                document,
                content,
                filename=label,
                mime_type=kind,
                description="Appended authorization",
                creation_date="",
                mod_date="",
            )
            spec.obj["/AFRelationship"] = pikepdf.Name.Supplement
            document.attachments[label] = spec
        document.docinfo["/SignedContentSHA256"] = said.digest()
        out = io.BytesIO()
        document.save(out, deterministic_id=True)
    return out.getvalue()


def _facts(said: Record, guide: Guide) -> str:
    rows = [
        ("Telephone numbers", ", ".join(dict.fromkeys(each.number for each in said.stretches if each.number)) or "not known"),
        ("Began", _moment(said.begins, guide)),
        ("Officer presenting the authorization", ", ".join(filter(None, (said.officer, said.agency)))),
        ("Person signing the authorization", said.signer),
        ("Type", "; ".join(dict.fromkeys(f"{', '.join(TYPES.get(kind, kind) for kind in each.types)} ({each.service})" for each in said.stretches))),
        ("Employee responsible for overseeing", ", ".join(filter(None, (said.overseer, said.title)))),
        ("Surveillance", said.surveillance or "none of ours"),
    ]  # fmt: skip
    if said.remark:
        rows.append(("Remark", said.remark))
    listed = "".join(
        f"<dt>{escape(label)}</dt><dd>{value if label == 'Began' else escape(value)}</dd>"
        for label, value in rows
    )
    authorised = (
        ""
        if said.authorized
        else '<p class="no"><strong>Made, in part or whole, without appropriate authorization: the last column says in what.</strong></p>'
    )
    return f"{authorised}<h2>The interception</h2><dl>{listed}</dl>"


def _stretches(said: Record, guide: Guide) -> str:
    rows = "".join(
        f'<tr><th scope="row"><span class="whole">{escape(each.number or "not known")}</span><br><span class="hash">{escape(each.circuit)}</span></th>'
        f"<td>{escape(each.switch)}<br>{escape(each.service)}</td>"
        f"<td>{escape(', '.join(TYPES.get(kind, kind) for kind in each.types))}</td><td>{_moment(each.begins, guide)}</td>"
        f"<td>{_moment(each.ends, guide) if each.ends else 'on'}</td><td>{escape(each.without or 'authorized')}</td></tr>"
        for each in said.stretches
    )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Number and circuit", "Switch, service", "Type", "Enabled", "Disabled", "Authorization")
    )
    return f"<h2>What the switches did</h2><table><caption>Each interception on each switch, as the switch showed it</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _papers(said: Record) -> str:
    if not said.papers:
        return "<h2>Authorization</h2><p>None is known.</p>"
    rows = ""
    for each in said.papers:
        files = "".join(
            f'{escape(name)}<br><span class="hash">{escape(digest)}</span><br>'
            for name, digest, _ in each.files
        )
        rows += (
            f'<tr><th scope="row">{escape(each.kind.capitalize())} {escape(each.number)}<br>{escape(each.case)}</th>'
            f"<td>{escape(each.issuer)}<br>{escape(each.signer)}</td><td>{escape(each.issued_on)}</td><td>{files or 'no paper is kept'}</td></tr>"
        )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("Authorization", "Court and signature", "Dated", "Appended, with SHA-256")
    )
    return f"<h2>Authorization and extensions, appended to this file</h2><table><caption>The papers are files inside this PDF</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>"


def _oath(guide: Guide, said: Record) -> str:
    if not guide.surveillance.certification:
        return "<h2>Certification</h2><p>By signing I certify that this record is complete and accurate (47 CFR 1.20004).</p>"
    text = letters.write(
        guide,
        guide.surveillance.certification,
        {"overseer": said.overseer, "title": said.title or "employee"},
    )
    return f"<h2>Certification</h2>{text.html}"


def _sign(guide: Guide, said: Record, signed_by: str, signed_at: datetime) -> str:
    zone = guide.carrier.zone.tz
    return (
        f'<div class="sign"><p><strong>{escape(signed_by)}</strong>{", " + escape(said.title) if said.title else ""}<br>'
        f"{escape(words.moment(signed_at, zone))} ({escape(words.utc(signed_at, seconds=True))})</p>"
        '<p class="quiet">Signed by this employee in person, with password and second factor, over exactly what stands above. '
        f'SHA-256 of what was signed:<br><span class="hash">{said.digest()}</span></p></div>'
    )


def _moment(iso: str, guide: Guide) -> str:
    if not iso:
        return "not known"
    at = datetime.fromisoformat(iso)
    return f"{escape(words.moment(at, guide.carrier.zone.tz))}<br><span class='quiet whole'>{escape(words.utc(at, seconds=True))}</span>"
