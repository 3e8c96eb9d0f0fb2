"""The sections of the published guide, each from its dimension; a section without content is left out."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import groupby

from tecum.documents.guide.parts import escape, facts, linked, listed, paragraph, section, table, to_html
from tecum.guide import saying
from tecum.guide.model.desks import Desk
from tecum.guide.model.guide import Guide
from tecum.guide.model.process import Requirement

COUNTRIES = {"US": "the United States", "CA": "Canada"}
CHANNELS = {
    "portal": "Portal", "email": "E-mail", "fax": "Fax", "mail": "Mail", "courier": "Courier", "hand_delivery": "Hand delivery",
    "personal_service": "Personal service", "registered_agent": "Registered agent", "local_office": "Local office",
    "oral": "Oral request", "phone": "Telephone", "api": "Interface", "in_country_service": "Service in the country",
}  # fmt: skip


def contacts(guide: Guide, on: date) -> str:
    """Return the desks, by need, with hours."""
    parts = [_desk(guide, desk) for desk in guide.on(guide.desks, on) if desk.public]
    return section("contacts", "Whom to contact", *parts)


def _desk(guide: Guide, desk: Desk) -> str:
    calendar = guide.calendar(desk.calendar) if desk.calendar else None
    hours = calendar.text if calendar else ""
    if calendar and calendar.holidays:
        hours += f"; closed on public holidays ({', '.join(calendar.holidays)})"
    special = [
        f"{name.replace('_', ' ')}: {guide.calendar(cal).text}" for name, cal in desk.capabilities.items()
    ]
    said = paragraph(f"For {', '.join(desk.subjects)}." if desk.subjects else "")
    only = (
        paragraph("May only pass a matter on; it cannot give information or technical support.")
        if desk.may_only_escalate
        else ""
    )
    pairs = [("Address", desk.address), ("Telephone", desk.phone), ("Fax", desk.fax), ("E-mail", desk.email)]
    pairs += [(c.label, c.value) for c in desk.contacts if c.public]
    return f'<div class="desk"><h3>{escape(desk.name)}</h3>{said}{only}{facts([*pairs, ("Hours", hours), ("Other hours", chr(10).join(special))])}</div>'


def serving(guide: Guide, on: date) -> str:
    """Return how process may be served."""
    rows = []
    for channel in guide.on(guide.channels, on):
        where = channel.address or (guide.mailbox(channel.mailbox).address if channel.mailbox else "")
        desk = guide.desk(channel.desk).name if channel.desk else "the desk that handles the matter"
        scope = saying.scope(channel, guide)
        notes = [
            "" if channel.accepted else "Not accepted.",
            "Preferred." if channel.preferred else "",
            f"Agent: {channel.agent}." if channel.agent else "",
            "" if channel.starts_clock else f"Time runs from {channel.clock_starts.replace('_', ' ')}.",
            f"With {', '.join(channel.attachments)}." if channel.attachments else "",
        ]
        rows.append(
            (
                escape(CHANNELS[channel.kind]),
                escape(scope),
                linked(where or (desk if channel.accepted else "")),
                escape(" ".join(filter(None, notes))),
            )
        )
    entities = [e for e in guide.on(guide.entities, on) if e.kind != "self" or e.status != "accepted"]
    named = [
        f"<strong>{escape(e.name)}</strong>{escape(_where(e.regions, e.countries))}: {_entity(guide, e.redirect_to, e.status, e.must_be_named)} {escape(e.about)}"
        for e in entities
    ]
    return section(
        "serving", "How to serve legal process", table(("Way", "For", "To", "Remarks"), rows), listed(named)
    )


def _where(regions: tuple[str, ...], countries: tuple[str, ...]) -> str:
    places = ", ".join((*regions, *countries))
    return f" (in {places})" if places else ""


def _entity(guide: Guide, redirect: str, status: str, must: bool) -> str:
    right = next((e.name for e in guide.entities if e.id == redirect), "")
    text = {
        "accepted": "process is accepted.",
        "rejected": "process is not accepted.",
        "redirected": f"address process to {right}.",
    }[status]
    return escape(text + (" It must be named as the provider." if must else ""))


def demands(guide: Guide, on: date) -> str:
    """Return which process is enough for what, and what each must say."""
    products = {p.id: p.name for p in guide.products if p.offered}
    rows, must = [], []
    for rule in guide.on(guide.requirements, on):
        names = ", ".join(products[name] for name in rule.products if name in products) or "Everything"
        if rule.accepts or rule.at_least or rule.never:
            rows.append(
                (
                    escape(names),
                    escape(saying.enough(rule, guide)),
                    escape(", ".join((*rule.countries, *rule.regions))),
                    escape(rule.citation),
                )
            )
        if rule.words or rule.fields or rule.forms or rule.conditions:
            must.append(_must(guide, rule, names))
    return section(
        "demands", "What a demand must be and say", table(("For", "Enough is", "Where", "Law"), rows), *must
    )


def _must(guide: Guide, rule: Requirement, names: str) -> str:
    kinds = ", ".join(p.name for p in guide.process_types if p.id in rule.processes)
    if not (rule.words or rule.fields or rule.forms):
        return f"<h3>{escape(kinds or names)}: on condition</h3>{listed(map(escape, rule.conditions))}"
    title = (
        f"{kinds or names}: must contain"
        if not (kinds and rule.products)
        else f"{kinds} for {names}: must contain"
    )
    forms = {form.id: form.title for form in guide.forms}
    items = [f"the words “{escape(one.phrase)}”, in its {escape(one.where)}" for one in rule.words]
    items += [escape(saying.needed(one)) for one in rule.fields]
    items += [
        escape(
            f"the form “{forms[one.form]}”{', signed' if one.signed else ''}{f', in the case of {chr(44).join(one.facts)}' if one.facts else ''}"
        )
        for one in rule.forms
    ]
    items += [escape(text) for text in rule.conditions]
    return f"<h3>{escape(title)}</h3>{listed(items)}"


def records(guide: Guide, on: date) -> str:
    """Return what can be had, how long it is kept and how long it takes."""
    kept: dict[str, list[str]] = defaultdict(list)
    for rule in guide.on(guide.retentions, on):
        for name in rule.products or ("",):
            scope = saying.scope(rule, guide)
            kept[name].append(escape(f"{saying.retention(rule)}{f' ({scope})' if scope else ''}"))
    times: dict[str, list[str]] = defaultdict(list)
    for turn in guide.on(guide.turnarounds, on):
        for name in turn.products or ("",):
            scope = saying.scope(turn, guide)
            times[name].append(escape(f"{saying.turnaround(turn)}{f' ({scope})' if scope else ''}"))
    rows = []
    for product in guide.on(guide.products, on):
        if product.offered:
            about = f'<span class="about">{escape(product.description)}</span>' if product.description else ""
            rows.append(
                (
                    escape(product.name) + about,
                    "; ".join(kept[product.id] or kept[""]) or "not stated",
                    "; ".join(times[product.id] or times[""]) or "no time is promised",
                )
            )
    return section("records", "What can be had", table(("Product", "Kept for", "Answered within"), rows))


def fees(guide: Guide, on: date) -> str:
    """Return the fee schedule."""
    if guide.billing.charges == "none" or not guide.fees:
        text = (
            f"{guide.carrier.called} makes no charge."
            if guide.billing.charges == "none" and guide.products
            else ""
        )
        return section("fees", "Fees", paragraph(text))
    rows = []
    for fee in guide.on(guide.fees, on):
        if not saying.price(fee, guide):
            continue
        scope = saying.scope(fee, guide)
        rest = " ".join(saying.conditions(fee, guide))
        rows.append(
            (
                escape(fee.label),
                escape(saying.price(fee, guide)),
                escape(f"{f'For {scope}. ' if scope else ''}{rest}"),
            )
        )
    invoice = {
        "conclusion": "at the conclusion of each service",
        "monthly": "monthly",
        "delivery": "with delivery",
        "advance": "in advance",
        "quarterly": "quarterly",
    }[guide.billing.invoice]
    due = f", due within {guide.billing.due_days} days" if guide.billing.due_days else ""
    civil = "Charges are made in civil matters only. " if guide.billing.charges == "civil_only" else ""
    waivers = [
        escape(f"{one.label}{f' ({one.basis})' if one.basis else ''}.") for one in guide.on(guide.waivers, on)
    ]
    gates = [
        escape(_gate(one.kind, one.before) + _only(saying.scope(one, guide)))
        for one in guide.on(guide.gates, on)
    ]
    caps = [escape(saying.cap(one, guide)) for one in guide.on(guide.fee_caps, on)]
    late = [escape(saying.arrears(one, guide)) for one in guide.on(guide.arrears, on)]
    return section(
        "fees", "Fees", paragraph(f"{civil}Invoices are made {invoice}{due}."), table(("Service", "Price", "Remarks"), rows, f"Fee schedule, {on:%-d %B %Y}"),
        listed([*caps, *waivers, *dict.fromkeys(gates), *late]),
    )  # fmt: skip


def _gate(kind: str, before: str) -> str:
    first = {
        "fee_accepted": "The fee must be agreed to",
        "quote_accepted": "A quote must be accepted",
        "paid": "Payment is due",
        "deposit": "A deposit is due",
        "form_signed": "A form must be signed",
        "consent": "Consent must be given",
        "identity_verified": "The sender is verified",
    }[kind]
    return f"{first} before {before}; records are held meanwhile."


def _only(scope: str) -> str:
    return f" Only for: {scope}." if scope else ""


def customers(guide: Guide, on: date) -> str:
    """Return whether customers are told."""
    items = [escape(saying.notice(one, guide)) for one in guide.on(guide.customer_notices, on)]
    return section("customers", "Whether the customer is told", listed(items))


def emergencies(guide: Guide, on: date) -> str:
    """Return the emergency pathways in full."""
    parts = []
    clocks = {clock.id: clock for clock in guide.clocks}
    for one in guide.on(guide.emergencies, on):
        forms = [f.title for f in guide.forms if f.id in one.forms]
        items = [
            f"Who may ask: {_people(one.requesters)}." if one.requesters else "",
            f"Who alone may certify: {', '.join(one.certifiers)}." if one.certifiers else "",
            f"Grounds: {'; '.join(g.label for g in one.grounds)}." if one.grounds else "",
            f"{'A written request comes first' if one.first == 'written' else 'An oral request is enough to begin'}; before anything is released: {one.release_gate.replace('_', ' ')}."
            if one.release_gate != "none"
            else f"A{'n oral' if one.first == 'oral' else ' written'} request is enough.",
            f"Form: {', '.join(forms)}{'; or ' + ', '.join(one.alternatives) if one.alternatives else ''}."
            if forms or one.alternatives
            else "",
            f"It must say: {', '.join(one.must_hold)}." if one.must_hold else "",
            *(
                f"What must follow: {f.what}{f', {saying.clock(clocks[f.clock])}' if f.clock else ''}{f'; otherwise: {f.otherwise}' if f.otherwise else ''}."
                for f in one.follow_ups
            ),
        ]
        parts.append(f"<h3>{escape(one.name)}</h3>{listed([escape(item) for item in items if item])}")
    return section("emergencies", "Emergencies without legal process", *parts)


def _people(requesters: tuple[str, ...]) -> str:
    names = {"lea": "law-enforcement agencies", "psap": "public safety answering points"}
    return ", ".join(names.get(one, one.replace("_", " ")) for one in requesters)


def surveillance(guide: Guide, on: date) -> str:
    """Return how surveillance ends."""
    if not any(p.kind == "surveillance" and p.offered for p in guide.products):
        return ""
    caps = [
        escape(f"{', '.join(c.types).replace('_', ' ')}: at most {c.time} ({c.citation})")
        for c in guide.on(guide.expiry_caps, on)
    ]
    rule = guide.expiry
    able = [d for d in guide.desks if rule.capability in d.capabilities]
    hours = (
        f" Access that needs a person is ended at the last staffed moment before ({guide.calendar(able[0].capabilities[rule.capability]).text}), unless the order gives an exact time."
        if able
        else ""
    )
    notices = (
        f" Written notice is given {' and '.join(map(str, rule.notices))} ahead." if rule.notices else ""
    )
    return section(
        "ends", "When surveillance ends", paragraph(f"An order's end is counted from the event that the order names. Where its words leave several readings, the earliest governs.{hours}{notices}"), listed(caps)
    )  # fmt: skip


def markets(guide: Guide, on: date) -> str:
    """Return the places that partners serve, by region."""
    parts = []
    rows = sorted((m for m in guide.on(guide.markets, on)), key=lambda m: m.entity)
    names = {e.id: e.name for e in guide.entities if e.kind != "self"}
    for entity, group in groupby(rows, key=lambda m: m.entity):
        if entity in names:
            items = [
                f"<strong>{escape(m.region)}</strong> {escape(', '.join(m.cities) or 'the whole of it')}"
                for m in group
            ]
            parts.append(f"<h3>{escape(names[entity])}</h3>{listed(items, name='markets')}")
    return section("markets", "Markets of partners", *parts)


def portal(guide: Guide, on: date) -> str:
    """Return what the look-up products are."""
    parts = []
    for one in guide.on(guide.lookups, on):
        who = one.eligibility
        items = [
            f"Up to {one.quota.limit} {one.quota.unit.replace('_', ' ')} in one {one.quota.window.replace('_', ' ')}, {one.quota.batch} in one submission.",
            f"For agencies based in {' and '.join(COUNTRIES.get(code, code) for code in who.countries)}."
            if who.countries
            else "",
            f"Roles: {', '.join(role.replace('_', ' ') for role in who.roles)}." if who.roles else "",
            f"A result shows: {', '.join(field.replace('_', ' ') for field in one.answers.shows)}.",
            "It does not accept service of process." if not one.takes_process else "",
        ]
        parts.append(f"<h3>{escape(one.name)}</h3>{listed([escape(item) for item in items if item])}")
    return section("portal", "Look-ups", *parts)


def texts(guide: Guide, on: date) -> str:
    """Return the sections of running text, in their order: those that say `Order`."""
    ordered = sorted((text for text in guide.wording.values() if text.order), key=lambda text: text.order)
    parts = [
        section(f"text-{text.id.replace('_', '-')}", text.title, to_html(guide.say(text.id).body))
        for text in ordered
        if not text.variables
    ]
    return "".join(parts)


def forms(guide: Guide, on: date) -> str:
    """Return the list of forms."""
    items = [
        f"{escape(form.title)}{f' ({escape(form.label)})' if form.label else ''}"
        for form in guide.on(guide.forms, on)
    ]
    return section("forms", "Forms", listed(items))


Section = Callable[[Guide, date], str]
SECTIONS: tuple[Section, ...] = (
    contacts,
    serving,
    demands,
    records,
    fees,
    emergencies,
    surveillance,
    customers,
    texts,
    portal,
    markets,
    forms,
)
