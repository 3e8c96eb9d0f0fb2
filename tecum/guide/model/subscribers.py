"""Where subscribers come from, and when an order's customer information agrees with the billing system."""

from dataclasses import dataclass
from typing import Literal

from tecum.guide.entries import Entry, Stated
from tecum.guide.fields import maybe, need
from tecum.guide.values import Number, Span, Unit, Zone


@dataclass(frozen=True, kw_only=True)
class SubscriberSource(Entry):
    """
    `[[subscriber_sources]]`: a full list out of the billing system.

    There are only full lists: a question about one number would tell the other system whom somebody asks about.
    """

    name: str = need("What the system is called.", example="Billing, nightly list")
    kind: Literal["csv", "sql", "http"] = maybe(
        "csv", "How its list is had: a file, a view of a database, an address."
    )
    columns: dict[str, str] = need(
        "Its column for each of our fields: number, account, name, address, service_types, service_since, service_until, "
        "status, market, imei, imsi, imei_since, imsi_since. `number` and `name` must be there; several columns are "
        "joined by `+`.",
        example='{ number = "PTN", name = "LAST_NAME+FIRST_NAME" }',
    )
    statuses: dict[str, str] = maybe(
        {},
        "Its words for the status of an account: each is active, suspended, unpaid, closing or closed.",
        example='{ A = "active", N = "unpaid" }',
    )
    dates: tuple[str, ...] = maybe(
        ("%Y-%m-%d",), "How it writes dates; the first that fits is taken.", example='["%m/%d/%Y"]'
    )
    separator: str = maybe(
        ";", "What parts several service types, or several devices, in one column.", example="|"
    )
    delimiter: str = maybe(",", "What parts the columns of a file.", example="|")
    encoding: str = maybe("utf-8-sig", "The character encoding of a file.", example="cp1252")
    zone: Zone | None = maybe(None, "The zone of its dates; left out, the carrier's.")
    view: str = maybe("", "The view of the database that is the full list.", example="compliance.subscribers")
    rows: str = maybe("rows", "The key of a page that holds its rows, where the list comes from an address.")
    next: str = maybe("next", "The key of a page that holds the address of the next one.")
    total: str = maybe("", "The key of a page that says how many rows the whole list has.", example="total")
    stale_after: Span = maybe(
        Span(36, 36, Unit.HOUR),
        "From this age on the list is stale, and every page says so.",
        example="36 hours",
    )
    max_change: Number = maybe(
        Number("0.05"),
        "The share of the lines that one list may end, change or reject unless told.",
        unit="share, 0 to 1",
    )


@dataclass(frozen=True, kw_only=True)
class Matching(Stated):
    """`[matching]`: when the customer information of an order agrees with the billing system."""

    agrees: int = maybe(92, "A field with at least this score agrees.", unit="points, 0 to 100")
    disagrees: int = maybe(
        70,
        "A field with less than this score disagrees; between both a person decides.",
        unit="points, 0 to 100",
    )
    decisive: tuple[Literal["name", "address", "imei", "imsi"], ...] = maybe(
        ("name", "imsi"), "Fields of which a single disagreement is enough for the whole not to match."
    )
    business_words: tuple[str, ...] = maybe(
        (), "More words that only say what kind of business it is.", example='["pty"]'
    )
    abbreviations: dict[str, str] = maybe(
        {},
        "More abbreviations in addresses, beside those of the postal service.",
        example='{ rte = "route" }',
    )
    nicknames: dict[str, str] = maybe(
        {}, "More short forms of given names.", example='{ peggy = "margaret" }'
    )
