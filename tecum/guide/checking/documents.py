"""Findings about references, forms, labels, texts, names and readings."""

import dataclasses
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from tecum.guide.checking.findings import Finding, finding
from tecum.guide.entries import Entry, Rule, Source, Stated
from tecum.guide.model.guide import COLLECTIONS, SINGLES, Guide
from tecum.guide.model.reporting import OF_DEMANDS, OF_LOOKUPS, Form
from tecum.guide.questions import word


def entries(guide: Guide) -> Iterator[Stated]:
    """Yield every table of a guide, the nested ones too."""
    for name in SINGLES:
        yield from _within(getattr(guide, name))
    for name in COLLECTIONS:
        for entry in guide.entries(name):
            yield from _within(entry)


def _within(value: Any) -> Iterator[Stated]:
    if isinstance(value, tuple):
        for item in value:
            yield from _within(item)
    elif isinstance(value, Stated):
        yield value
        for one in dataclasses.fields(value):
            if one.name != "readings":
                yield from _within(getattr(value, one.name))


def readings(guide: Guide) -> Iterator[Finding]:
    """Report every rule that can be read in another way."""
    for entry in entries(guide):
        name = entry.id if isinstance(entry, Entry) else entry.place.key
        for reading in entry.readings:
            sentence = f"'{name}' can be read otherwise: {reading.title or reading.id}."
            yield finding(
                "two-readings", "contradiction", f"{name}/{reading.id}", sentence, entry, reading.entry.place
            )


def corrected(guide: Guide) -> Iterator[Finding]:
    """Report every value that corrects what is printed."""
    for entry in entries(guide):
        name = entry.id if isinstance(entry, Entry) and entry.id else entry.place.key
        sources: list[Source | None] = [entry.source, *entry.sources.values()]
        for source in sources:
            if source is not None and source.printed:
                sentence = f"'{name}' corrects what is printed: “{source.printed}”."
                yield finding("corrected", "remark", name, sentence, entry)


def references(guide: Guide) -> Iterator[Finding]:
    """Find references to nothing, to a document that is not at hand, or by another label than the form bears."""
    forms = {form.id: form for form in guide.forms}
    documents = {document.id: document for document in guide.documents}
    for one in guide.references:
        form, document = forms.get(one.to), documents.get(one.to)
        if not one.to:
            yield finding(
                "reference-dangling", "gap", one, f"“{one.printed}” refers to nothing in the guide."
            )
        elif form is not None and word(form.label) not in word(one.printed):
            label = f"'{form.label}'" if form.label else "no label"
            sentence = f"“{one.printed}” means the form '{form.title}', which bears {label}."
            yield finding("reference-label-differs", "contradiction", one, sentence, form)
        elif form is not None and not form.label:
            sentence = f"“{one.printed}” means the form '{form.title}', which bears no label."
            yield finding("reference-label-differs", "contradiction", one, sentence, form)
        elif document is not None and not document.contained:
            section = f", section {one.section}," if one.section else ""
            sentence = f"“{one.printed}” refers to '{document.title}'{section} which is not at hand."
            yield finding("reference-not-contained", "gap", one, sentence, document)


def forms(guide: Guide) -> Iterator[Finding]:
    """Find forms without a label, unclear markers, signers, desks, and forms that reach other people."""
    for form in guide.forms:
        if not form.label and form.document:
            yield finding("form-without-label", "gap", form, f"The form '{form.title}' bears no label.")
        unclear = [field for field in form.fields if field.printed_marker == "unclear"]
        if unclear:
            names = ", ".join(field.label for field in unclear)
            sentence = f"Whether these are required cannot be read clearly in '{form.title}': {names}."
            yield finding("marker-unclear", "doubt", form, sentence, *unclear)
        yield from _signers(form)
        yield from _desk(guide, form)
        numbers = [field for field in form.fields if field.kind == "numbers" and field.most]
        if numbers and any(field.kind == "number" for field in form.fields):
            sentence = f"'{form.title}' asks about up to {numbers[0].most} numbers beside the target's."
            yield finding("form-reaches-others", "doubt", form, sentence, numbers[0])
    yield from _letters(guide)


def _signers(form: Form) -> Iterator[Finding]:
    signers = set(map(word, form.signers))
    cannot = [who for who in form.requesters if word(who) not in signers]
    if signers and cannot:
        sentence = (
            f"{', '.join(cannot)} may send '{form.title}', but only {', '.join(form.signers)} can sign it."
        )
        yield finding("requester-cannot-sign", "contradiction", form, sentence)


def _desk(guide: Guide, form: Form) -> Iterator[Finding]:
    if not (form.desk and form.subject):
        return
    right = [desk for desk in guide.desks if word(form.subject) in map(word, desk.subjects)]
    if right and form.desk not in {desk.id for desk in right}:
        sentence = f"'{form.title}' is about {form.subject}, which '{right[0].name}' handles, but goes to '{guide.desk(form.desk).name}'."
        yield finding("form-to-another-desk", "contradiction", form, sentence, right[0])


def _letters(guide: Guide) -> Iterator[Finding]:
    """Find a letter that is missing in a row of appendices."""
    found = {
        m.group(1): form for form in guide.forms if (m := re.match(r"appendix ([a-z])$", form.label.lower()))
    }
    if found:
        row = [chr(code) for code in range(ord("a"), ord(max(found)) + 1)]
        missing = [letter.upper() for letter in row if letter not in found]
        if missing:
            sentence = (
                f"There is no Appendix {', '.join(missing)} among the appendices up to {max(found).upper()}."
            )
            yield finding("appendix-gap", "gap", "", sentence, *found.values())


def vocabulary(guide: Guide) -> Iterator[Finding]:
    """Report process types that the source calls by several words."""
    for process in guide.process_types:
        used = [
            name
            for name in process.synonyms
            if process.source and name.lower() in process.source.sentence.lower()
        ]
        if used:
            sentence = f"The source says “{used[0]}” for '{process.name}'."
            yield finding("two-words-one-thing", "doubt", process, sentence)


def texts(guide: Guide) -> Iterator[Finding]:
    """Report texts of counsel's, and declared variables that a text does not use."""
    for text in guide.wording.values():
        if text.owner:
            sentence = f"The text '{text.id}' belongs to {text.owner}."
            yield finding("counsel-owned", "remark", text.id, sentence, text.place)
        for name in text.variables:
            if name not in text.used:
                sentence = f"The text '{text.id}' declares '{name}' and does not use it."
                yield finding("variable-unused", "remark", text.id, sentence, text.place)


def markets(guide: Guide) -> Iterator[Finding]:
    """Find a place that two carriers serve."""
    by_place: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for market in guide.markets:
        for city in market.cities or ("",):
            country = market.country or guide.carrier.country
            by_place[country, word(market.region), word(city)].append(market)
    for (country, region, city), several in by_place.items():
        if len({market.entity for market in several}) > 1:
            where = ", ".join(filter(None, (city.replace("_", " ").title(), region.upper(), country)))
            sentence = f"{where} is listed under {' and '.join(m.entity for m in several)}."
            yield finding("market-twice", "contradiction", several[0], sentence, *several[1:])


def entities(guide: Guide) -> Iterator[Finding]:
    """Find a redirection to nowhere, a rejection without words, and one name that means two companies."""
    names: dict[str, str] = {}
    for entity in guide.entities:
        if entity.status == "redirected" and not entity.redirect_to:
            yield finding(
                "redirect-to-nowhere", "gap", entity, f"'{entity.name}' is redirected, but not where to."
            )
        if entity.status == "rejected" and not entity.message:
            yield finding(
                "rejection-without-text",
                "gap",
                entity,
                f"Process to '{entity.name}' is rejected without a text.",
            )
        for name in (entity.name, *entity.aliases):
            other = names.setdefault(word(name), entity.id)
            if other != entity.id and not (entity.services or entity.regions or entity.countries):
                yield finding("name-means-two", "contradiction", entity, f"'{name}' also means '{other}'.")


def scopes(guide: Guide) -> Iterator[Finding]:
    """Find two rules of a kind that fit the same questions equally well, and requirements that require nothing."""
    for name in ("turnarounds", "retentions", "gags", "customer_notices", "reports"):
        seen: dict[object, Rule] = {}
        for entry in guide.entries(name):
            if isinstance(entry, Rule):
                key = (entry.scope_key, entry.effective_from, getattr(entry, "about", ""))
                other = seen.setdefault(key, entry)
                if other is not entry:
                    sentence = f"'{other.id}' and '{entry.id}' apply to the same questions; the first in the file decides."
                    yield finding("rules-tie", "contradiction", other, sentence, entry)
    for rule in guide.requirements:
        if not (
            rule.accepts
            or rule.at_least
            or rule.never
            or rule.words
            or rule.fields
            or rule.forms
            or rule.conditions
        ):
            hint = " Did you mean accepts instead of processes?" if rule.processes else ""
            yield finding("requires-nothing", "gap", rule, f"'{rule.id}' requires nothing.{hint}")


def products(guide: Guide) -> Iterator[Finding]:
    """Find products for which the guide names no process, and prices for what is not offered."""
    decided = {
        name
        for rule in guide.requirements
        if rule.accepts or rule.at_least or rule.never
        for name in rule.products
    }
    everything = any(not rule.products and (rule.accepts or rule.at_least) for rule in guide.requirements)
    for product in guide.products:
        if product.offered and product.kind != "lookup" and product.id not in decided and not everything:
            yield finding(
                "product-without-process", "gap", product, f"No process is named for '{product.name}'."
            )
        if not product.offered and any(product.id in fee.products for fee in guide.fees):
            yield finding(
                "price-of-nothing",
                "contradiction",
                product,
                f"'{product.name}' is not offered, but has a price.",
            )


def mailboxes(guide: Guide) -> Iterator[Finding]:
    """Find silence against a reply to everybody, a sender of another domain, and addresses that lead nowhere."""
    for box in guide.mailboxes:
        if box.reply_to_all and box.silent_parties:
            sentence = f"{box.address} answers everybody, but {', '.join(box.silent_parties)} get no reply."
            yield finding("reply-against-silence", "contradiction", box, sentence)
        if box.no_reply and not box.forward_to:
            yield finding(
                "no-reply-to-nowhere",
                "gap",
                box,
                f"Mail to {box.address} is misdirected, but not said where it belongs.",
            )
    for lookup in guide.lookups:
        boxes = [box for box in guide.mailboxes if box.id in {lookup.mailbox, lookup.activation_sender}]
        domains = {box.address.rpartition("@")[2].lower() for box in boxes}
        if len(domains) > 1:
            sentence = (
                f"Activation mail comes from another domain than the portal's: {', '.join(sorted(domains))}."
            )
            yield finding("sender-of-another-domain", "doubt", lookup, sentence, *boxes)
        shows_earlier = "previous_customers" in lookup.answers.shows
        if shows_earlier != (lookup.answers.history == "with_history"):
            sentence = f"'{lookup.name}' {'shows' if shows_earlier else 'does not show'} earlier customers, but its history is {lookup.answers.history.replace('_', ' ')}."
            yield finding("history-contradicts", "contradiction", lookup, sentence, lookup.answers)
        if lookup.quota.batch > lookup.quota.limit:
            sentence = f"A submission may hold {lookup.quota.batch}, but only {lookup.quota.limit} fit into the window."
            yield finding("batch-over-limit", "contradiction", lookup, sentence, lookup.quota)


def reports(guide: Guide) -> Iterator[Finding]:
    """Find columns of reports that nobody can count, and counts of sealed cases that are told however small."""
    for report in guide.reports:
        known = OF_DEMANDS if report.about == "demands" else OF_LOOKUPS
        for column in report.columns:
            if word(column) not in known:
                sentence = (
                    f"Report '{report.id}' has a column '{column}' that cannot be counted; it is left out."
                )
                yield finding("column-uncounted", "gap", report, sentence)
        if report.sealed == "counted" and report.smallest < 2:
            sentence = f"Report '{report.id}' counts sealed cases and tells single ones: say the smallest count that is told."
            yield finding("sealed-told", "contradiction", report, sentence)


CHECKS = (
    readings, corrected, references, forms, vocabulary, texts, markets, entities, scopes, products, mailboxes, reports,
)  # fmt: skip
