"""Findings about records: what is promised must not be purged, and what is released must be kept for a time that is said."""

from collections.abc import Iterator

from tecum.guide.checking.findings import Finding, finding
from tecum.guide.model.guide import Guide
from tecum.guide.model.records import RecordStore
from tecum.guide.model.timing import Retention
from tecum.guide.values import Span, Unit

RELEASED = "productions"  # what a release asks the guide for
DAYS = {
    Unit.MINUTE: 1 / 1440,
    Unit.HOUR: 1 / 24,
    Unit.DAY: 1,
    Unit.WEEK: 7,
    Unit.MONTH: 30.5,
    Unit.YEAR: 365.25,
}


def stores(guide: Guide) -> Iterator[Finding]:
    """Compare how long each store keeps with how long its products are said to exist, and look for products in two stores."""
    for store in guide.record_stores:
        for rule in guide.retentions:
            if rule.keeps and set(rule.products) & set(store.products):
                yield from _kept(store, rule, rule.keeps)
    for product in guide.products:
        homes = [store for store in guide.record_stores if product.id in store.products]
        if len(homes) > 1:
            names = " and ".join(f"'{store.id}'" for store in homes)
            sentence = f"The product '{product.id}' is answered from several stores: {names}."
            yield finding("product-in-two-stores", "contradiction", product, sentence, *homes)


def _kept(store: RecordStore, rule: Retention, promised: Span) -> Iterator[Finding]:
    if _long(store.keeps) < _long(promised):
        sentence = f"The store '{store.id}' purges after {store.keeps}, but '{rule.id}' says that records exist for {promised}."
        yield finding("purged-too-early", "contradiction", store, sentence, rule)


def _long(span: Span) -> float:
    return span.low * DAYS.get(span.unit, 1)


def released(guide: Guide) -> Iterator[Finding]:
    """Look for how long a production is kept once it left (A14): without that the system lets none leave."""
    if not guide.products or any(each.id == RELEASED for each in guide.own_records):
        return
    sentence = (
        f"No [[own_records]] has the id '{RELEASED}': nobody says how long a production that was released is kept, so none can "
        "be released (decision A14)."
    )
    yield finding("release-not-kept", "gap", RELEASED, sentence, guide.productions, guide.products[0])


CHECKS = (stores, released)
