"""Where a request belongs: legal entity, partner, desk, and the channels that are open."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from tecum.guide.calculators import payment
from tecum.guide.calculators.results import Result, once
from tecum.guide.model.desks import Desk
from tecum.guide.model.guide import Guide
from tecum.guide.model.identity import Entity, Market
from tecum.guide.model.process import Channel
from tecum.guide.questions import Question, brand_line, fitting, presumed, resolved, word


@dataclass(frozen=True, kw_only=True)
class Way:
    """One channel, open or closed, with where it leads."""

    channel: str
    kind: str
    accepted: bool
    preferred: bool
    to: str
    desk: str
    starts_clock: bool
    clock_starts: str
    cover_page: str = ""
    attachments: tuple[str, ...] = ()
    agent: str = ""
    refusal: str = ""
    closed_by: str = ""


@dataclass(frozen=True, kw_only=True)
class Named:
    """What becomes of the legal entity that the process names."""

    said: str
    entity: str
    name: str
    status: Literal["accepted", "rejected", "redirected", "unknown"]
    address_to: str = ""
    message: str = ""


@dataclass(frozen=True, kw_only=True)
class Route(Result):
    """Where a request belongs."""

    provider: str
    provider_name: str
    partner: bool
    must_name: str
    desk: str
    desk_name: str
    contact: dict[str, str]
    copy_to: tuple[str, ...]
    entity: Named | None
    channels: tuple[Way, ...]
    accepted: bool | None
    asked_channel: str
    preferred: str
    starts_clock: bool | None
    refusal: str = ""


def route(
    guide: Guide, question: Question, *, entity: str = "", channel: str = "", form: str = "", overdue: int = 0
) -> Route:
    """
    Return where a request belongs, and whether the channel and the entity that were used are right.

    `overdue` is how many days an agency's unpaid invoice is overdue: arrears may close channels.

    :raises NotInGuide: when the guide knows no such product, process, brand or desk
    """
    said, question = question, resolved(guide, question)
    market = _market(guide, question)
    named = _named(guide, entity, question) if entity else None
    provider = _provider(guide, question, market, named)
    if provider is not None:
        question = replace(question, entity=provider.id)
    rules = _channels(guide, question, provider)
    desk, why = _desk(guide, question, provider, form, rules)
    closed = payment.terms(guide, question, overdue=overdue).closed_channels if overdue else ()
    ways = tuple(_way(guide, rule, desk, question, closed) for rule in rules)
    asked = [way for way in ways if word(channel) in {word(way.kind), word(way.channel)}]
    partner = provider is not None and provider.kind in {"partner", "affiliate"} and bool(provider.desk)
    warnings = [*_unserved(guide, question, market), *_undecided(guide, entity, question)]
    if named is not None and provider is not None and named.address_to not in {"", provider.name}:
        warnings.append(f"{provider.name} serves this place: the process must be addressed to it.")
        named = replace(named, status="redirected", address_to=provider.name)
    open_ = _asked(asked, channel)
    return Route(
        provider=provider.id if provider else "",
        provider_name=provider.name if provider else guide.carrier.name,
        partner=partner,
        must_name=provider.name if provider and provider.must_be_named else "",
        desk=desk.id if desk else "",
        desk_name=desk.name if desk else "",
        contact=_contact(desk),
        copy_to=_copies(provider, asked or list(ways), question, rules),
        entity=named,
        channels=ways,
        accepted=open_,
        asked_channel=channel,
        preferred=next((way.channel for way in ways if way.accepted and way.preferred), ""),
        starts_clock=asked[0].starts_clock if asked and asked[0].accepted else None,
        refusal=_refusal(guide, asked, channel) if open_ is False else "",
        because=_sentence(provider, desk, why, channel, asked) + presumed(said, question),
        used=once([provider, market, desk, *rules]),
        warnings=tuple(warnings),
    )


def plain_name(text: str) -> str:
    """Return a company's name as names are compared: without case, punctuation and the words Inc, LLC, Corp."""
    bare = re.sub(r"[^a-z0-9 ]+", " ", text.lower().replace("&", " and "))
    return " ".join(
        w
        for w in bare.split()
        if w not in {"inc", "llc", "corp", "corporation", "co", "company", "ltd", "the"}
    )


def _market(guide: Guide, question: Question) -> Market | None:
    """Return the market of a place: by region and city together, never by city alone (R-159)."""
    country = question.country or guide.carrier.country
    here = [
        market
        for market in guide.markets
        if market.holds(question.on)
        and (market.country or guide.carrier.country) == country
        and question.region
        and word(market.region) == word(question.region)
    ]
    by_city = [m for m in here if question.city and word(question.city) in map(word, m.cities)]
    whole = [m for m in here if not m.cities]
    by_id = [m for m in guide.markets if question.market and word(m.id) == word(question.market)]
    return next(iter([*by_id, *by_city, *whole]), None)


def _unserved(guide: Guide, question: Question, market: Market | None) -> list[str]:
    """Warn of a place that no market of the guide serves."""
    if market is not None or not guide.markets or not question.region:
        return []
    place = ", ".join(filter(None, (question.city, question.region, question.country)))
    return [f"'{place}' is not a place this guide names: none of its markets serves it."]


def _called(guide: Guide, said: str, question: Question) -> list[Entity]:
    return [e for e in guide.entities if _is(e, said) and e.holds(question.on)]


def _named(guide: Guide, said: str, question: Question) -> Named:
    matches = _called(guide, said, question)
    fits = [e for e in matches if _covers(e, question)]
    if not fits:
        return _elsewhere(said, matches, question)
    if not question.region and any(not e.regions and e.status == "accepted" for e in fits):
        fits = [e for e in fits if not e.regions]
    entity = max(fits, key=lambda e: bool(e.services) + bool(e.regions) + bool(e.countries))
    right = next((e for e in guide.entities if e.id == entity.redirect_to), entity)
    return Named(
        said=said,
        entity=entity.id,
        name=entity.name,
        status=entity.status,
        address_to="" if entity.status == "rejected" else right.name,
        message=entity.message,
    )


def _elsewhere(said: str, matches: list[Entity], question: Question) -> Named:
    """Return what becomes of a name outside the places of its status: one of the carrier's own is accepted there."""
    own = [e for e in matches if e.kind in {"self", "subsidiary"} and e.status != "accepted"]
    for entity in own:
        if not _placed(entity, question) and _serves(entity, question):
            return Named(
                said=said, entity=entity.id, name=entity.name, status="accepted", address_to=entity.name
            )
    return Named(said=said, entity="", name="", status="unknown")


def _undecided(guide: Guide, said: str, question: Question) -> list[str]:
    """Warn where the state would decide what becomes of a name, and the question gives none."""
    if not said or question.region:
        return []
    limited = [e for e in _called(guide, said, question) if e.regions and _serves(e, question)]
    return [
        f"In {', '.join(e.regions)} process that names {e.name} is {e.status}: the question names no state."
        for e in limited
    ]


def _is(entity: Entity, said: str) -> bool:
    return plain_name(said) in {plain_name(name) for name in (entity.id, entity.name, *entity.aliases)}


def _covers(entity: Entity, question: Question) -> bool:
    return _serves(entity, question) and _placed(entity, question)


def _serves(entity: Entity, question: Question) -> bool:
    return (
        not entity.services
        or not question.services
        or bool(set(map(word, entity.services)) & set(map(word, question.services)))
    )


def _placed(entity: Entity, question: Question) -> bool:
    regions = not entity.regions or not question.region or question.region in entity.regions
    countries = not entity.countries or not question.country or question.country in entity.countries
    return regions and countries


def _provider(guide: Guide, question: Question, market: Market | None, named: Named | None) -> Entity | None:
    """Return the company that must be served: that of the market, of the name, of the brand, else the carrier."""
    wanted = [market.entity if market else ""]
    if named is None:
        wanted.append(question.entity)
    elif named.status == "redirected":
        wanted.append(
            next((e.redirect_to for e in guide.entities if e.id == named.entity), "") or named.entity
        )
    elif named.status == "accepted":
        wanted.append(named.entity)
    wanted += [b.entity for name in brand_line(guide, question.brand) for b in guide.brands if b.id == name]
    for one in wanted:
        for entity in guide.entities:
            if one and (entity.id == one or _is(entity, one)):
                return entity
    return next((e for e in guide.entities if e.kind == "self"), None)


def _channels(guide: Guide, question: Question, provider: Entity | None) -> list[Channel]:
    """Return one rule for each way in, the most specific; agents and offices may be several."""
    found: dict[str, Channel] = {}
    for rule in fitting(guide.channels, question, guide):
        key = (
            rule.kind
            if not rule.accepted
            else f"{rule.kind}:{rule.desk}{rule.mailbox}{rule.address}{rule.agent}"
        )
        if rule.kind not in found:
            found.setdefault(rule.kind, rule)
        elif rule.accepted and found[rule.kind].accepted:
            found.setdefault(key, rule)
    return list(found.values())


def _desk(
    guide: Guide, question: Question, provider: Entity | None, form: str, rules: list[Channel]
) -> tuple[Desk | None, str]:
    for name, why in _desks(guide, question, provider, form, rules):
        if name:
            return guide.desk(name), why
    return None, ""


def _desks(
    guide: Guide, question: Question, provider: Entity | None, form: str, rules: list[Channel]
) -> Iterator[tuple[str, str]]:
    """Yield the desks that a request may belong to, the best reason first."""
    if provider is not None and provider.kind != "self":
        yield provider.desk, f"{provider.name} has a desk of its own"
    yield next((f.desk for f in guide.forms if f.id == form), ""), "the form says where it is sent"
    for desk in guide.desks:
        if question.subject and word(question.subject) in map(word, desk.subjects):
            yield desk.id, f"it handles {question.subject}"
    for desk in guide.desks:
        own = question.requester != "lea" and word(question.requester) in map(word, desk.requesters)
        if own and not desk.may_only_escalate:
            yield desk.id, f"it serves {question.requester}"
    brands = [b for name in brand_line(guide, question.brand) for b in guide.brands if b.id == name]
    yield next((b.desk for b in brands if b.desk), ""), "the brand's desk"
    specific = [r for r in rules if r.accepted and r.desk and (r.processes or r.products or r.subjects)]
    yield next((r.desk for r in specific), ""), "the channel leads there"
    yield next((p.desk for p in guide.products if p.id == question.product), ""), "it answers this product"
    for desk in guide.desks:
        if question.process and word(question.process) in map(word, desk.subjects):
            yield desk.id, f"it handles {question.process}"
    yield next((r.desk for r in rules if r.accepted), ""), "the channel leads there"
    yield provider.desk if provider else "", "the company's desk"
    yield guide.desks[0].id if len(guide.desks) == 1 else "", "the only desk"


def _way(guide: Guide, rule: Channel, desk: Desk | None, question: Question, late: tuple[str, ...]) -> Way:
    facts = set(map(word, question.facts))
    removed = facts & set(map(word, rule.removed_by))
    closed_by = ", ".join(sorted(removed)) or ("arrears" if rule.accepted and rule.id in late else "")
    target = guide.desk(rule.desk) if rule.desk else desk
    return Way(
        channel=rule.id,
        kind=rule.kind,
        accepted=rule.accepted and not closed_by,
        preferred=rule.preferred,
        to=_address(guide, rule, target),
        desk=target.id if target else "",
        starts_clock=rule.starts_clock,
        clock_starts=rule.clock_starts,
        cover_page=rule.cover_page,
        attachments=rule.attachments,
        agent=rule.agent,
        refusal=rule.refusal,
        closed_by=closed_by,
    )


ADDRESS_OF = {"email": "email", "fax": "fax", "phone": "phone", "oral": "phone"}


def _address(guide: Guide, rule: Channel, desk: Desk | None) -> str:
    if rule.address:
        return rule.address
    if rule.mailbox:
        return guide.mailbox(rule.mailbox).address
    if desk is None or rule.kind in {"portal", "api"}:
        return guide.carrier.website if rule.kind in {"portal", "api"} else ""
    return str(getattr(desk, ADDRESS_OF.get(rule.kind, "address"))).strip()


def _asked(asked: list[Way], channel: str) -> bool | None:
    if not channel:
        return None
    return any(way.accepted for way in asked)


def _refusal(guide: Guide, asked: list[Way], channel: str) -> str:
    name = next((way.refusal for way in asked if way.refusal), "")
    if name and not guide.wording[name].variables:
        return guide.say(name).body.strip()
    reason = next((way.closed_by for way in asked if way.closed_by), "")
    if reason == "arrears":
        return (
            f"The agency is in arrears: legal process is not accepted from it by {channel.replace('_', ' ')}."
        )
    return f"Legal process is not accepted by {channel.replace('_', ' ')}."


def _contact(desk: Desk | None) -> dict[str, str]:
    if desk is None:
        return {}
    found = {key: getattr(desk, key).strip() for key in ("address", "phone", "fax", "email")}
    return {key: value for key, value in found.items() if value}


def _copies(
    provider: Entity | None, ways: list[Way], question: Question, rules: list[Channel]
) -> tuple[str, ...]:
    copies: list[str] = []
    if provider is not None and (not provider.copy_processes or question.process in provider.copy_processes):
        copies += provider.copy_to
    shown = {way.channel for way in ways if way.accepted}
    copies += [desk for rule in rules if rule.id in shown for desk in rule.copy_to]
    return tuple(dict.fromkeys(copies))


def _sentence(provider: Entity | None, desk: Desk | None, why: str, channel: str, asked: list[Way]) -> str:
    where = f"It belongs to {desk.name}: {why}." if desk else "The guide names no desk for this."
    if channel:
        open_ = any(way.accepted for way in asked)
        where += f" {channel.replace('_', ' ').capitalize()} is {'open' if open_ else 'closed'}"
        reason = "" if open_ else next((way.closed_by for way in asked if way.closed_by), "")
        where += f": {reason.replace('_', ' ')}." if reason else "."
    if provider is not None and provider.kind != "self":
        where = f"{provider.name} is the provider. {where}"
    return where
