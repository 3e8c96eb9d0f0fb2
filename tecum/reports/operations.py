"""What is done about reports: ask, make from the trail, derive again and compare, certify, take away; count each day."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.audit import operations as audit
from tecum.audit import queries as trail
from tecum.audit.deriving import Mark, began, mark
from tecum.guide.model.guide import NotInGuide
from tecum.inventory import queries as inventory
from tecum.kernel.actors import Actor, ActorKind
from tecum.kernel.ids import reference
from tecum.kernel.periods import Period
from tecum.kernel.refusals import NotYours, Refused
from tecum.policy import queries as policy
from tecum.reports import derivation, queries
from tecum.reports.drivers import printing
from tecum.reports.models import Certificate, CoverageDay, Report
from tecum.reports.queries import ReportView
from tecum.reports.rules import spans
from tecum.reports.rules.disclosures import HEADER
from tecum.reports.states import REPORT_NEXT, Name, ReportState

Clock = Callable[[], datetime]
LONGEST = 4000


class CannotMake(Refused):
    """A report that cannot be made: of a period that is not over, or before its entries are sealed."""


class CannotCertify(Refused):
    """A report that no officer can state anything about yet."""


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Compared:
    """What a second derivation gave."""

    report: ReportView
    agrees: bool
    digest: str
    why: str


def ask(*, name: str, period: str, by: Actor, now: datetime) -> ReportView:
    """
    Ask for a report of a period that is over; the jobs make it. One that is asked for already is the answer.

    :raises NotYours: without the permission
    :raises BadPeriod: for a text that names no period
    :raises CannotMake: for a report there is not, or a period that is not over
    """
    require(by, "report.make", now=now)
    with transaction.atomic():
        accounts.stand(by=by, now=now)
        return _asked(name, period, by=by, now=now)


def _asked(name: str, period: str, *, by: Actor, now: datetime) -> ReportView:
    if name not in set(Name):
        raise CannotMake(f"There is no report '{name}': choose {', '.join(Name)}.")
    span = spans.parse(period, policy.at(now).carrier.zone.tz)
    if span.end > now:
        raise CannotMake(f"{period} is not over yet: a report is of a period that has ended.")
    period = period.strip().upper()
    waiting = Report.objects.filter(name=name, period=period, state=ReportState.WAITING)
    try:
        with transaction.atomic():
            if (row := waiting.first()) is not None:
                return queries.view(row)
            row = Report.objects.create(
                reference=reference("RP"), name=name, period=period, since=span.start, until=span.end, asked_at=now,
                asked_by=by.ref,
            )  # fmt: skip
            audit.record("report.asked", by=by, at=now, report=row.pk, name=name, period=period)
    except IntegrityError:  # somebody asked at the same moment
        return queries.view(waiting.get())
    return queries.view(row)


def ask_due(*, by: Actor, now: datetime) -> int:
    """Ask for each report that the guide wants by the period, once its last period is over; return how many."""
    guide = policy.at(now)
    zone = guide.carrier.zone.tz
    today, first = now.astimezone(zone).date(), began()
    wanted = {(Name.TRANSPARENCY if rule.about == "demands" else Name.HIT_RATE): rule.every for rule in guide.on(guide.reports, today)}  # fmt: skip
    asked = 0
    for name, every in {Name.DISCLOSURES: "year", **wanted}.items():
        period = spans.last_over(every, now, zone)
        known = first is not None and first < spans.parse(period, zone).end
        if known and not Report.objects.filter(name=name, period=period).exists():
            _asked(name, period, by=by, now=now)
            asked += 1
    return asked


def make(*, name: str, period: str, by: Actor, now: datetime) -> ReportView:
    """
    Make a report at once, as the command line does.

    :raises CannotMake: when it cannot be made; the sentence says why
    """
    asked = ask(name=name, period=period, by=by, now=now)
    return make_asked(report=asked.id, by=by, now=now)


def make_asked(*, report: str, by: Actor, now: datetime) -> ReportView:
    """
    Make a report that was asked for, outside any transaction, from the trail as it is sealed now.

    :raises NotYours: for one that there is not, or that was made
    :raises CannotMake: when it cannot be made: the row is stopped and says why
    """
    require(by, "report.make", now=now)
    row = Report.objects.filter(pk=report, state=ReportState.WAITING).first()
    if row is None:
        raise NotYours
    place = _sealed(row, now=now)
    guide = policy.at(now)
    try:
        found = derivation.derive(Name(row.name), Period(row.since, row.until), guide=guide, mark=place)
    except NotInGuide as missing:
        _stop(row, str(missing), by=by, now=now)
        raise CannotMake(str(missing)) from None
    with transaction.atomic():
        turned = _turn(
            row, ReportState.MADE, guide_version=guide.version, origin=place.origin, size=place.size, root=place.root,
            entries=found.entries, content=asdict(found.content), digest=found.content.digest(), made_at=now,
        )  # fmt: skip
        if turned:
            audit.record(
                "report.made", by=by, at=now, report=row.pk, name=row.name, period=row.period, content=found.content.digest(),
                entries=found.entries, size=place.size, guide=guide.version,
            )  # fmt: skip
    return queries.view(Report.objects.select_related("certificate").get(pk=row.pk))


def _sealed(row: Report, *, now: datetime) -> Mark:
    """Return where the sealed trail ends, once everything of the period is sealed. :raises CannotMake: while it is not"""
    while audit.seal(now=now):
        pass
    oldest = trail.state().oldest_pending
    place = mark()
    if place is None or (oldest is not None and oldest < row.until):
        raise CannotMake("Entries of this period wait for their seal: try again in a minute.")
    return place


def _stop(row: Report, why: str, *, by: Actor, now: datetime) -> None:
    with transaction.atomic():
        if _turn(row, ReportState.STOPPED, why=why[:300]):
            audit.record("report.stopped", by=by, at=now, report=row.pk, name=row.name, period=row.period)


def _turn(row: Report, to: ReportState, **more: object) -> bool:
    """Change the state if nobody else did meanwhile; tell whether it was so."""
    if to not in REPORT_NEXT[ReportState(row.state)]:
        return False
    return Report.objects.filter(pk=row.pk, state=row.state).update(state=to, **more) == 1


def ask_again(*, report: str, by: Actor, now: datetime) -> ReportView:
    """Ask the jobs to derive a report again. :raises NotYours: for one that there is not or that is not made"""
    require(by, "report.read", now=now)
    row = _made(report, by=by, now=now)
    with transaction.atomic():
        Report.objects.filter(pk=row.pk).update(again_asked_at=now, again_by=by.ref)
        audit.record("report.check_asked", by=by, at=now, report=row.pk)
    return queries.report(id=row.pk, by=by, now=now)


def again(*, report: str, by: Actor, now: datetime) -> Compared:
    """
    Derive a report again from the same entries of the trail and compare: the root over them, and the hash of the content.

    :raises NotYours: for one that there is not or that is not made, or without the permission
    """
    require(by, "report.read", now=now)
    row = _made(report, by=by, now=now)
    digest, why = _derived_again(row, now=now)
    agrees = not why
    asker = row.again_by if by.kind is ActorKind.SYSTEM else by.ref
    with transaction.atomic():
        Report.objects.filter(pk=row.pk).update(again_at=now, again_by=asker, agrees=agrees)
        audit.record("report.derived_again", by=by, at=now, report=row.pk, agrees=agrees, content=digest)
    return Compared(queries.report(id=row.pk, by=by, now=now), agrees, digest, why)


def _derived_again(row: Report, *, now: datetime) -> tuple[str, str]:
    """Return the hash that the trail gives now, and why it does not agree, if so."""
    place = mark(origin=row.origin, size=row.size)
    if place is None:
        return row.digest, f"The trail no longer has the {row.size:,} entries of {row.origin}."
    guide = policy.version(row.guide_version, now)
    found = derivation.derive(Name(row.name), Period(row.since, row.until), guide=guide, mark=place)
    digest = found.content.digest()
    if place.root != row.root:
        return (
            digest,
            "The entries are no longer those it was made from: their root differs. Verify the trail.",
        )
    kept = queries.view(row).content
    if digest != row.digest or kept is None or kept.digest() != row.digest:
        return (
            digest,
            "The trail gives other figures than the report holds: somebody changed the one or the other.",
        )
    return digest, ""


@transaction.atomic
def certify(
    *,
    report: str,
    digest: str,
    title: str,
    procedures: str,
    brokers: str,
    complaints: str,
    by: Actor,
    now: datetime,
) -> ReportView:
    """
    State about a year's register what the rule asks of an officer of the carrier; bound to the hash of its content.

    :raises NotYours: without the permission, or for a report that there is not
    :raises CannotCertify: of another report, of one that was not derived again or did not agree, twice, or left open
    """
    require(by, "report.certify", now=now)
    accounts.stand(by=by, now=now)
    row = Report.objects.select_for_update().filter(pk=report, state=ReportState.MADE).first()
    if row is None:
        raise NotYours
    _certifiable(row, digest)
    said = {"title": title, "procedures": procedures, "brokers": brokers, "complaints": complaints}
    if any(len(text.strip()) < 3 for text in said.values()):
        raise CannotCertify("Fill in every part; where there was nothing, say that there was nothing.")
    receipt = audit.record("report.certified", by=by, at=now, report=row.pk, content=row.digest)
    try:
        with transaction.atomic():
            Certificate.objects.create(
                report=row, officer=by.ref, officer_name=by.name, at=now, digest=row.digest, receipt=receipt.leaf,
                statement=policy.at(now).disclosure_register.statement,
                **{name: text.strip()[:LONGEST] for name, text in said.items()},
            )  # fmt: skip
    except IntegrityError:
        raise CannotCertify("An officer certified this report already.") from None
    return queries.report(id=row.pk, by=by, now=now)


def _certifiable(row: Report, digest: str) -> None:
    if row.name != Name.DISCLOSURES or len(row.period) != 4:
        raise CannotCertify("An officer certifies the register of disclosures of a year.")
    if not row.agrees:
        raise CannotCertify("Derive it again from the trail first: only a report that agrees is certified.")
    if digest != row.digest:
        raise CannotCertify("This is not the content you were shown: open the report again.")


def export(*, report: str, form: str, what: str = "", by: Actor, now: datetime) -> File:
    """
    Return a report as `pdf`, `csv` or `xlsx`, or with `what="lines"` the lines of the register; recorded first.

    :raises NotYours: for one that there is not or is not made, another form, or without the permission
    """
    view = queries.report(id=report, by=by, now=now)
    if view.content is None or form not in printing.MEDIA or (what and view.name is not Name.DISCLOSURES):
        raise NotYours
    audit.note("report.exported", by=by, at=now, report=view.id, form=form)
    about = queries.about(view, now=now)
    if what:
        content = _lines(view, form=form, about=dict(about), now=now)
    elif form == "pdf":
        content = printing.printed(
            queries.named(view.content), carrier=policy.at(now).carrier.name, about=about, signed=queries.signed(view, now=now)
        )  # fmt: skip
    else:
        content = printing.listed(queries.named(view.content), form=form, about=about)
    return File(f"{view.reference}{'-lines' if what else ''}.{form}", printing.MEDIA[form], content)


def _lines(view: ReportView, *, form: str, about: dict[str, str], now: datetime) -> bytes:
    """Return the lines of a register, derived again from the entries it was made from."""
    found = derivation.derive(
        view.name, Period(view.since, view.until), guide=policy.version(view.guide_version, now), keep=True,
        mark=Mark(view.origin, view.size, view.root),
    )  # fmt: skip
    return printing.register(HEADER, found.lines, form="csv" if form == "pdf" else form, about=about)


def count_coverage(*, by: Actor, now: datetime) -> bool:
    """Count the numbers and those under consent, once a day of the carrier's zone; tell whether it was done now."""
    day = now.astimezone(policy.at(now).carrier.zone.tz).date()
    if CoverageDay.objects.filter(day=day).exists() or not inventory.state(now=now).version:
        return False
    try:
        with transaction.atomic():
            CoverageDay.objects.create(day=day, at=now)
            found = queries.reach(by=by, now=now)
            audit.record(
                "coverage.counted", by=by, at=now, version=inventory.state(now=now).version, numbers=sum(found.counts.values()),
                consented=sum(found.reached.values()), customers=len(found.counts),
                consenting=sum(1 for each in found.reached.values() if each),
            )  # fmt: skip
    except IntegrityError:  # another process counts
        return False
    return True


def step(*, clock: Clock, by: Actor) -> int:
    """Make what was asked for and what is due, derive again what is to be checked, count the day; return how much."""
    done = int(count_coverage(by=by, now=clock())) + ask_due(by=by, now=clock())
    for row in Report.objects.filter(state=ReportState.WAITING).order_by("asked_at"):
        try:
            make_asked(report=row.pk, by=by, now=clock())
        except CannotMake:
            continue
        done += 1
    wanted = Report.objects.filter(state=ReportState.MADE, again_asked_at__isnull=False)
    for row in wanted.filter(Q(again_at=None) | Q(again_at__lt=F("again_asked_at"))):
        again(report=row.pk, by=by, now=clock())
        done += 1
    return done


def _made(report: str, *, by: Actor, now: datetime) -> Report:
    found = queries.report(id=report, by=by, now=now)
    if found.state is not ReportState.MADE:
        raise NotYours
    return Report.objects.get(pk=found.id)
