"""Makers for searches: a guide with stores and every kind of product, a demand scoped by two, calls in the store."""

import shutil
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings

from tecum.cases import queries as files
from tecum.cases.facts import Asked, Contact
from tecum.demands import operations as demands
from tecum.jobs import long
from tecum.kernel.actors import Actor
from tecum.kernel.periods import Period
from tecum.process.facts import Said
from tests.make import NOON
from tests.records import more_guide

SYSTEM = Actor.system("tests")
WEEK = Period(NOON - timedelta(days=7), NOON - timedelta(hours=1))
SAID = Said(
    process="subpoena", number="GJ-26-114", signed=True, signed_by="prosecutor", signer="A. Fairlamb",
    issued_on=date(2026, 9, 3), entity="Plains", country="US", gag=False, issuer="Marrow County",
)  # fmt: skip
GUIDE = """
[[process_types]]
id = "subpoena"
name = "Subpoena"
kind = "subpoena"
[[requirements]]
id = "records"
products = ["toll", "fraud_report", "calls_to", "invoice", "cells", "messages", "who"]
at_least = "subpoena"
[[products]]
id = "invoice"
name = "Invoice"
columns = ["direction", "calling", "called", "dialed", "duration", "record_id"]
masks = { incoming_number = "INCOMING" }
[[products]]
id = "cells"
name = "Cell sites"
columns = ["direction", "first_cell", "last_cell"]
[[products]]
id = "messages"
name = "Messages"
answered_by = "work_order"
source_system = "message_centre"
[[products]]
id = "who"
name = "Who"
answered_by = "subscriber"
fields = ["name", "address"]
[productions]
certificate = "certificate"
no_records = "no_records"
"""


def guided(folder) -> None:
    """Give the carrier of `tests.records` a ladder, more products and the papers of a production."""
    path = folder / "guides" / "plains" / "guide.toml"
    text = path.read_text()
    text = text.replace('products = ["fraud_report"]', 'products = ["fraud_report", "invoice", "cells"]')
    text = text.replace('id = "calls_to"\n', 'id = "calls_to"\nanswered_by = "destination"\n')
    path.write_text(text)
    more_guide(folder, GUIDE)
    words = path.parent / "wording"
    words.mkdir()
    there = Path(settings.ROOT) / "guides" / "example" / "wording"
    for name in ("certificate", "no_records", "uncertified", "demand_withdrawn"):
        shutil.copy(there / f"{name}.md", words)


def scoped(
    first: Actor,
    second: Actor,
    *asked: tuple[str, str, Period],
    holders: Mapping[str, Iterable[str]] | None = None,
    **more: Any,
) -> str:
    """
    Bring a demand to a scope approved by two and return its case.

    `holders`: for a number, whose records are meant; nobody is chosen where that is empty. By default the unknown holder's.
    """
    got = demands.receive(
        channel="fax", received_at=NOON, said=SAID, contact=Contact(name="Det. Vane", email="vane@agency.example.gov"),
        targets=[Asked(number, period, product, words=f"item {n}") for n, (product, number, period) in enumerate(asked, 1)],
        by=SYSTEM, now=NOON, **more,
    )  # fmt: skip
    case = got.case
    demands.take(case=case, by=first, now=NOON)
    demands.confirm(case=case, said=SAID, targets=[], by=first, now=NOON)
    demands.accept(case=case, despite="read by hand", by=first, now=NOON)
    for each in files.targets(case=case, by=first, now=NOON):
        meant = list((holders or {}).get(each.value, ["unknown"]))
        if meant:
            demands.choose(
                case=case, target=each.id, holders=meant, withheld=False, reason="Seen on the bill.", by=first, now=NOON
            )  # fmt: skip
    proposal = demands.propose_scope(case=case, by=first, now=NOON)
    demands.approve_scope(proposal=proposal, by=second, now=NOON)
    return case


def searched(case: str, by: Actor) -> str:
    """Ask, let the jobs run it, and return the id of the search."""
    search = demands.gather(case=case, by=by, now=NOON)
    assert long.search_all(lambda: NOON) == 1
    return search
