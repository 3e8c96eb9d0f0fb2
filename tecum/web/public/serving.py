"""
How to serve this carrier, for programs: what the published guide says, as JSON at `/.well-known/serve-this-carrier.json`.

Made from the guide in force alone; nothing of a case, a person or a target stands in it. docs/reference/well-known.md.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from tecum.guide.entries import Rule
from tecum.guide.model.desks import Desk
from tecum.guide.model.fees import Fee
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import Channel, Product

FORMAT = "serve-this-carrier/1"
SCOPE = ("products", "processes", "countries", "regions", "requesters", "matters", "facts")


def serving(guide: Guide, *, now: datetime, address: str) -> dict[str, Any]:
    """Return everything that the published guide says about serving process, in plain values."""
    day = now.astimezone(guide.carrier.zone.tz).date()
    return {
        "format": FORMAT,
        "carrier": _told(name=guide.carrier.name, country=guide.carrier.country, website=guide.carrier.website, zone=str(guide.carrier.zone)),
        "guide": {
            "version": guide.version, "effective_from": str(guide.guide.effective_from),
            "page": f"{address}/serve-a-legal-demand/", "pdf": f"{address}/files/guide.pdf",
        },
        "entities": [
            _told(name=one.name, status=one.status, redirect_to=one.redirect_to, countries=one.countries, regions=one.regions, services=one.services)
            for one in guide.on(guide.entities, day)
        ],
        "desks": [_desk(guide, desk) for desk in guide.on(guide.desks, day) if desk.public],
        "mailboxes": [
            _told(address=box.address, purpose=box.purpose, subject_line=box.subject_line, takes_mail=not box.no_reply)
            for box in guide.on(guide.mailboxes, day)
            if box.public
        ],
        "channels": [_channel(guide, one) for one in guide.on(guide.channels, day)],
        "process_types": [
            _told(id=one.id, name=one.name, kind=one.kind, countries=one.countries, honoured=one.honoured, honoured_for=one.honoured_for, signed_by=one.signed_by, citation=one.citation)
            for one in guide.on(guide.process_types, day)
        ],
        "products": [_product(guide, one, day) for one in guide.on(guide.products, day) if one.offered],
        "fees": _fees(guide, day),
        "emergencies": [
            _told(
                name=one.name, kind=one.kind, grounds=[ground.label for ground in one.grounds], first=one.first,
                call_back=one.call_back, desk=_desk_name(guide, one.desk), citation=one.citation, **_scope(one),
            )
            for one in guide.on(guide.emergencies, day)
        ],
    }  # fmt: skip


def _told(**values: Any) -> dict[str, Any]:
    """Return the values that say something: neither empty nor missing; no and zero say something."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in values.items()
        if value not in ("", (), [], None, {})
    }


def _scope(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in SCOPE}


def _desk_name(guide: Guide, desk: str) -> str:
    return next((one.name for one in guide.desks if one.id == desk and one.public), "")


def _desk(guide: Guide, desk: Desk) -> dict[str, Any]:
    hours = next((one.text for one in guide.calendars if one.id == desk.calendar), "")
    return _told(
        name=desk.name, subjects=desk.subjects, address=desk.address, phone=desk.phone, fax=desk.fax, email=desk.email,
        hours=hours,
        contacts=[_told(label=one.label, kind=one.kind, value=one.value) for one in desk.contacts if one.public and one.value],
    )  # fmt: skip


def _channel(guide: Guide, one: Channel) -> dict[str, Any]:
    box = next((each.address for each in guide.mailboxes if each.id == one.mailbox and each.public), "")
    return _told(
        kind=one.kind, accepted=one.accepted, preferred=one.preferred, desk=_desk_name(guide, one.desk), mailbox=box,
        address=one.address, agent=one.agent, starts_clock=one.starts_clock, attachments=one.attachments, **_scope(one),
    )  # fmt: skip


def _product(guide: Guide, product: Product, day: date) -> dict[str, Any]:
    def of(rules: tuple[Any, ...]) -> list[Any]:
        return [one for one in guide.on(rules, day) if not one.products or product.id in one.products]

    return _told(
        id=product.id, name=product.name, kind=product.kind, description=product.description,
        requires=[
            _told(
                accepts=one.accepts, at_least=one.at_least, never=one.never, must_say=[each.phrase for each in one.words],
                must_give=[each.label or each.name for each in one.fields], citation=one.citation,
                countries=one.countries, regions=one.regions,
            )
            for one in of(guide.requirements)
        ],
        answered_within=[_told(kind=one.kind, time=str(one.time) if one.time else "", conditions=one.conditions) for one in of(guide.turnarounds)],
        kept=[
            _told(time=str(one.keeps) if one.keeps else "", since=str(one.since or ""), not_kept=one.not_kept, basis=one.basis)
            for one in of(guide.retentions)
        ],
    )  # fmt: skip


def _fees(guide: Guide, day: date) -> dict[str, Any]:
    return _told(
        charges=guide.billing.charges, currency=guide.carrier.currency, due_days=guide.billing.due_days,
        schedule=[_fee(one) for one in guide.on(guide.fees, day)] if guide.billing.charges != "none" else [],
    )  # fmt: skip


def _fee(fee: Fee) -> dict[str, Any]:
    return _told(
        label=fee.label, amount=_amount(fee.amount), amount_max=_amount(fee.amount_max), base=_amount(fee.base), per=fee.per,
        currency=fee.currency, kind=fee.kind, includes=fee.includes, basis=fee.basis, nothing_found=fee.nothing_found,
        **_scope(fee),
    )  # fmt: skip


def _amount(value: Decimal | None) -> str:
    return "" if value is None else f"{value:.2f}"
