"""What can be read of reports: the list, one of them, and how far consents reach just now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tecum.access.rules import require
from tecum.accounts import queries as people
from tecum.agencies import queries as agencies
from tecum.customers import queries as customers
from tecum.customers.rules import CampaignRow
from tecum.customers.states import ConsentScope
from tecum.guide.model.guide import Guide
from tecum.inventory import queries as inventory
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.policy import queries as policy
from tecum.reports.models import Certificate, Report
from tecum.reports.rules import spans
from tecum.reports.rules.content import Content
from tecum.reports.rules.disclosures import BY_AGENCY
from tecum.reports.states import TITLES, Name, ReportState


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """What an officer stated."""

    officer_name: str
    title: str
    statement: str
    procedures: str
    brokers: str
    complaints: str
    at: datetime
    receipt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """One report; `content` only once it is made."""

    id: str
    reference: str
    name: Name
    period: str
    since: datetime
    until: datetime
    state: ReportState
    asked_at: datetime
    asked_by: str
    guide_version: str
    origin: str
    size: int
    root: str
    entries: int
    content: Content | None
    digest: str
    made_at: datetime | None
    why: str
    again_asked_at: datetime | None
    again_at: datetime | None
    again_by: str
    agrees: bool | None
    certificate: CertificateView | None

    @property
    def title(self) -> str:
        """Return its title, with the period."""
        return f"{self.short}, {self.period}"

    @property
    def short(self) -> str:
        """Return its title alone."""
        return self.content.title if self.content else TITLES[self.name]

    @property
    def checking(self) -> bool:
        """Tell whether somebody asked to derive it again and it was not done yet."""
        return self.again_asked_at is not None and (
            self.again_at is None or self.again_at < self.again_asked_at
        )


def report(*, id: str, by: Actor, now: datetime) -> ReportView:
    """Return one report, by its id or reference. :raises NotYours: when there is none, or without the permission"""
    require(by, "report.read", now=now)
    rows = Report.objects.select_related("certificate")
    row = rows.filter(pk=id).first() or rows.filter(reference=id.upper()).first()
    if row is None:
        raise NotYours
    return view(row)


def reports(*, by: Actor, now: datetime, name: str = "") -> Long[ReportView]:
    """Return the reports, what was asked for last first, of one name or of all."""
    require(by, "report.read", now=now)
    rows = Report.objects.select_related("certificate").order_by("-asked_at", "pk")
    return Long.of(rows.filter(name=name) if name else rows, view)


def view(row: Report) -> ReportView:
    """Return the frozen row."""
    return ReportView(
        id=row.pk, reference=row.reference, name=Name(row.name), period=row.period, since=row.since, until=row.until,
        state=ReportState(row.state), asked_at=row.asked_at, asked_by=row.asked_by, guide_version=row.guide_version,
        origin=row.origin, size=row.size, root=row.root, entries=row.entries,
        content=Content.parse(row.content) if row.content else None, digest=row.digest, made_at=row.made_at, why=row.why,
        again_asked_at=row.again_asked_at, again_at=row.again_at, again_by=row.again_by, agrees=row.agrees,
        certificate=_certificate(row),
    )  # fmt: skip


def _certificate(row: Report) -> CertificateView | None:
    said: Certificate | None = getattr(row, "certificate", None)
    if said is None:
        return None
    return CertificateView(
        officer_name=said.officer_name, title=said.title, statement=said.statement, procedures=said.procedures,
        brokers=said.brokers, complaints=said.complaints, at=said.at, receipt=said.receipt,
    )  # fmt: skip


def about(view: ReportView, *, now: datetime) -> list[tuple[str, str]]:
    """Return how a report came about: what is needed to derive it again."""
    zone = policy.at(now).carrier.zone.tz
    made = f"{view.made_at.astimezone(zone):%Y-%m-%d %H:%M %Z (UTC%z)}" if view.made_at else "not yet"
    return [
        ("Report", f"{view.reference}, {view.period}"), ("Made", made), ("Guide", view.guide_version),
        ("Trail", f"{view.origin}, the first {view.size:,} entries"), ("Root over them", view.root),
        ("Entries read", f"{view.entries:,}"), ("SHA-256 of the content", view.digest),
        ("Derive it again", f"tecum reports again {view.reference}"),
    ]  # fmt: skip


def signed(view: ReportView, *, now: datetime) -> list[tuple[str, str]]:
    """Return what an officer stated about a report, by its headings; nothing where nobody did."""
    said = view.certificate
    if said is None:
        return []
    zone = policy.at(now).carrier.zone.tz
    return [
        ("Statement", said.statement), ("How the procedures ensure compliance", said.procedures),
        ("Actions taken against data brokers", said.brokers), ("Customers' complaints", said.complaints),
        ("Signed", f"{said.officer_name}, {said.title}, {said.at.astimezone(zone):%Y-%m-%d %H:%M %Z}"),
        ("Receipt of the trail", said.receipt),
    ]  # fmt: skip


def named(content: Content) -> Content:
    """Return a content with the names of agencies beside their ids; the hash is of the content without them."""
    ids = {row[0] for table in content.tables if table.title == BY_AGENCY for row in table.rows}
    names = agencies.names(ids)
    said = {
        "title": content.title, "lead": content.lead, "facts": content.facts, "rules": content.rules,
        "pictures": [{"title": one.title, "says": one.says, "bars": [_bar(bar) for bar in one.bars]} for one in content.pictures],
        "tables": [
            {
                "title": table.title, "header": table.header, "note": table.note,
                "rows": [(f"{names[row[0]]} ({row[0]})", *row[1:]) if row[0] in names else row for row in table.rows],
            }
            for table in content.tables
        ],
    }  # fmt: skip
    return Content.parse(said)


def _bar(bar: Any) -> dict[str, Any]:
    return {"label": bar.label, "value": bar.value, "of": bar.of, "says": bar.says}


def who(views: list[ReportView]) -> dict[str, str]:
    """Return the names of those who asked."""
    return people.names(
        {view.asked_by for view in views} | {view.again_by for view in views if view.again_by}
    )


def periods(now: datetime) -> list[str]:
    """Return the periods that are over and can be chosen: the last of each length, and the running year so far not."""
    zone = policy.at(now).carrier.zone.tz
    found = [spans.last_over(every, now, zone) for every in spans.MONTHS]
    return list(dict.fromkeys(found))


def due_on(guide: Guide, year: int) -> str:
    """Return until when the statement about a year is made."""
    return f"{year + 1}-{guide.disclosure_register.due}"


@dataclass(frozen=True, slots=True)
class Reach:
    """How far consents reach just now."""

    rows: tuple[CampaignRow, ...]
    counts: Mapping[str, int]
    reached: Mapping[str, int]


def reach(*, by: Actor, now: datetime) -> Reach:
    """Count the numbers in service of each customer, and those that its consent in force reaches."""
    rows = tuple(customers.campaign(by=by, now=now))
    counts = inventory.counts_by_customer()
    return Reach(rows, counts, {row.customer: _reached(row, counts) for row in rows})


def _reached(row: CampaignRow, counts: Mapping[str, int]) -> int:
    if row.scope is None:
        return 0
    if row.scope is ConsentScope.ALL:
        return counts.get(row.customer, 0)
    return inventory.counts_within(row.ranges).get(row.customer, 0)
