"""Makers for court orders: one that came by fax, what a person reads in it, and everybody who works on it."""

import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction

from tecum.cases.facts import Contact
from tecum.kernel.actors import Actor
from tecum.models import CourtOrder
from tecum.process.facts import Brought, Said
from tecum.secrecy import operations as secrecy
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import orders
from tecum.surveillance.queries.orders import OrderView
from tecum.surveillance.rules.order_facts import OrderSaid, Subject
from tecum.surveillance.rules.ordered import Intercept, Service
from tests import make, subscribers
from tests.letters import paper_of
from tests.make import NOON, acting

ROOT = Path(__file__).resolve().parents[1]
NUMBER, OTHER, STRANGE = "2925550142", "2925550143", "2925550199"
SMITH = f'{NUMBER},A-1,John Smith,"12 Oak Ln, Boise ID 83702",interconnect;dispatch,2020-01-31,,A,ID Boise,490154203237518,316010123456789,'
JONES = f'{OTHER},A-2,Ann Jones,"4 Elm Ct, Reston VA 20191",interconnect,2021-06-01,,A,VA Reston,,,'
BILLING = "Marrow County Sheriff, Fiscal Office\n1 Main Street\nMarrow, OH 43001"
RUIZ = Contact(
    agency_name="Marrow County Sheriff", name="Det. Dana Ruiz", fax="(292) 555-0111", phone="(292) 555-0110",
    email="ruiz@sheriff.example.gov",
)  # fmt: skip
MAILBOX = """
[[mailboxes]]
id = "orders"
address = "courtorders@wireless.example"
purpose = "demands"
desk = "court-orders"
"""

PAGE = """
[[channels]]
id = "portal"
kind = "portal"
desk = "court-orders"
processes = ["pen_trap_order", "title_iii_order"]
"""


@pytest.fixture
def carrier(settings, tmp_path, billing):
    """Put the wireless carrier's guide in force, with a mailbox that its source has lost (A7), and its files here."""
    folder = tmp_path / "guides" / "wireless-2003"
    shutil.copytree(ROOT / "guides" / "wireless-2003", folder)
    with (folder / "desks.toml").open("a") as desks:
        desks.write(MAILBOX)
    settings.TECUM_GUIDE = str(folder)
    settings.TECUM_EPOCH_KEYS = str(tmp_path / "keys")
    return tmp_path


@pytest.fixture
def on_the_page(carrier, settings):
    """Let the wireless carrier's guide name the page as a channel of its court orders."""
    settings.MEDIA_ROOT = carrier / "files"
    with (Path(settings.TECUM_GUIDE) / "process.toml").open("a") as process:
        process.write(PAGE)


@pytest.fixture
def bill(carrier):
    """Give the carrier its lists of subscribers: of three days ago, and of this morning."""
    subscribers.load(carrier, [SMITH, JONES], now=NOON - timedelta(days=3))
    return subscribers.load(carrier, [SMITH, JONES], now=NOON - timedelta(hours=1))


def administrator(name: str = "Ada Lindqvist", now: datetime = NOON) -> Actor:
    return acting(make.person(name, roles=["order_administrator"], now=now), stepped_up_at=now)


def order_said(**changes) -> OrderSaid:
    """Return what a good pen register order says."""
    said = OrderSaid(
        subjects=(Subject(NUMBER, "490154203237518", "316010123456789", "John Smith", "12 Oak Ln, Boise ID 83702"),),
        lines=((Service.INTERCONNECT, Intercept.PEN_REGISTER), (Service.INTERCONNECT, Intercept.TRAP_AND_TRACE)),
        statutes="18 U.S.C. §§ 3122-3124", duration="30 days", start="order", switches=("mso-east",), billing=BILLING,
    )  # fmt: skip
    return replace(said, **changes)


def process_said(**changes) -> Said:
    said = Said(
        process="pen_trap_order", number="26-MC-0417", issuer="District Court of Marrow County",
        issued_on=date(2026, 9, 4), signed=True, signed_by="judge", signer="Hon. R. Okonkwo", entity="Nextel Communications",
        country="US", region="OH", gag=True, gag_until=date(2027, 9, 4),
    )  # fmt: skip
    return replace(said, **changes)


def wiretap_said(**changes) -> OrderSaid:
    """Return what a good order to intercept says."""
    given = {
        "lines": ((Service.INTERCONNECT, Intercept.TITLE_III), (Service.DISPATCH, Intercept.TITLE_III)),
        "statutes": "18 U.S.C. § 2518", "dial_up_number": "3925550101", "warrant_case": "W-7", "surveillance_id": "S-7",
    }  # fmt: skip
    return order_said(**{**given, **changes})


def the_scan(*lines: str) -> Brought:
    return Brought("order.pdf", paper_of("ORDER", "No. 26-MC-0417", "pen register on (292) 555-0142", *lines))


def by_fax(
    by: Actor, *, now: datetime = NOON, received_at: datetime | None = None, kind: str = "order", **more
) -> str:
    """Return the case of an order that came by fax a quarter of an hour ago."""
    got = orders.enter(
        channel="fax", received_at=received_at or now - timedelta(minutes=15), contact=more.pop("contact", RUIZ), kind=kind,
        brought=more.pop("brought", [the_scan()]), by=by, now=now, **more,
    )  # fmt: skip
    return got.received.case


def of_agency(by: Actor, agency: str, *officers: str, now: datetime = NOON) -> str:
    """Return the case of an order of an agency that the directory knows, with officers of it on the case's list."""
    case = by_fax(by, agency=agency, now=now)
    matter = CourtOrder.objects.get(case=case).matter
    with transaction.atomic():
        for each in officers:
            secrecy.let_know(matter, each, by=Actor.system("tests"), now=now)
    return case


def read(
    case: str, by: Actor, *, order: OrderSaid | None = None, said: Said | None = None, now: datetime = NOON
) -> OrderView:
    return orders.confirm(case=case, said=said or process_said(), order=order or order_said(), by=by, now=now)


def sound(
    case: str, by: Actor, *, now: datetime = NOON, despite: str = "Read against the paper.", **more
) -> OrderView:
    """Return an order that was read, held against the bill and found sound."""
    read(case, by, now=now, **more)
    orders.match(case=case, by=by, now=now)
    return orders.accept(case=case, by=by, now=now, despite=despite)


def in_force(case: str, first: Actor, second: Actor, *, now: datetime = NOON) -> str:
    """Propose and approve what a sound order authorises; return the authority."""
    act = orders.propose(case=case, by=first, now=now)
    return surveillance.approve(act=act, by=second, now=now, affirmed_as=second.name)
