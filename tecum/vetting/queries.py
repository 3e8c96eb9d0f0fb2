"""Applications as staff see them: the queue, one application with everything it is judged by, the letters."""

from dataclasses import dataclass
from datetime import datetime

from tecum.access.rules import require
from tecum.accounts import queries as accounts
from tecum.agencies import queries as agencies
from tecum.agencies.rules import AgencyView
from tecum.kernel.actors import Actor
from tecum.kernel.lists import Long
from tecum.kernel.refusals import NotYours
from tecum.notices import queries as notices
from tecum.notices.drivers.letters import Letter
from tecum.notices.queries import NoticeView
from tecum.policy import queries as policy
from tecum.vetting import letters, rules, sealed
from tecum.vetting.facts import DirectoryFacts, FormValues, KnownAgency, MailFacts
from tecum.vetting.models import Application
from tecum.vetting.rules import Answer, Case
from tecum.vetting.states import OPEN, SIX, ApplicationState, Check


@dataclass(frozen=True, slots=True)
class ApplicationLine:
    """One application in the queue."""

    id: str
    reference: str
    state: ApplicationState
    received_at: datetime
    promised_by: datetime
    late: bool
    applicant: str
    agency: str
    unmet: tuple[Check, ...]
    of_six: int

    @property
    def met_words(self) -> str:
        """Return how many of the six rules are met, in words."""
        return f"{self.of_six} of 6 met"


@dataclass(frozen=True, slots=True)
class ApplicationView:
    """One application with everything that a person decides by."""

    id: str
    reference: str
    matter: str
    message: str
    state: ApplicationState
    received_at: datetime
    promised_by: datetime
    late_at: datetime | None
    form: FormValues
    mail: MailFacts
    answers: tuple[Answer, ...]
    agencies: tuple[AgencyView, ...]
    proposed_by: str
    proposed_at: datetime | None
    proposed_agency: str
    decided_at: datetime | None
    decided_by: str
    reasons: tuple[Check, ...]
    note: str
    person: str
    activated: bool
    link_until: datetime | None
    link_over_at: datetime | None
    notices: tuple[NoticeView, ...]

    @property
    def open(self) -> bool:
        """Tell whether somebody has to decide."""
        return self.state in OPEN

    @property
    def new_domain(self) -> bool:
        """Tell whether no agency of the directory has the applicant's domain: two people decide then."""
        return not self.agencies


def queue(*, by: Actor, now: datetime, everything: bool = False) -> Long[ApplicationLine]:
    """
    Return the applications that wait, oldest first; `everything`: the decided ones too, newest first.

    :raises NotYours: without the permission
    """
    require(by, "application.read", now=now)
    rows = Application.objects.order_by("-received_at" if everything else "received_at", "pk")
    if not everything:
        rows = rows.filter(state__in=OPEN)
    return Long.of(rows, lambda row: _line(row, now=now))


def line(application: str, *, by: Actor, now: datetime) -> ApplicationLine:
    """
    Return one application as it stands in the queue, for the page of an act.

    :raises NotYours: without the permission, or for an unknown application
    """
    require(by, "application.read", now=now)
    row = Application.objects.filter(pk=application).first()
    if row is None:
        raise NotYours
    return _line(row, now=now)


def homes(application: str, *, by: Actor, now: datetime) -> list[tuple[str, str]]:
    """
    Return id and name of the agencies that have the applicant's domain, none where it was never seen before.

    :raises NotYours: without the permission, or for an unknown application
    """
    require(by, "application.decide", now=now)
    row = Application.objects.filter(pk=application).first()
    if row is None:
        raise NotYours
    form = sealed.opened(row).form
    return [(each.id, each.name) for each in agencies.of_domain(rules.domain_of(form.applicant_email))]


def message_of(application: str, *, by: Actor, now: datetime) -> str:
    """Return the message that brought an application. :raises NotYours: without the permission, or when unknown"""
    require(by, "application.read", now=now)
    row = Application.objects.filter(pk=application).first()
    if row is None:
        raise NotYours
    return row.message


def waiting(*, by: Actor, now: datetime) -> tuple[int, int]:
    """Return how many applications wait, and how many longer than promised. :raises NotYours: without the permission"""
    require(by, "application.read", now=now)
    rows = Application.objects.filter(state__in=OPEN)
    return rows.count(), rows.filter(promised_by__lt=now).count()


def of_message(message: str) -> str:
    """Return the reference of the application that a message brought, "" for none."""
    return Application.objects.filter(message=message).values_list("reference", flat=True).first() or ""


def view(row: Application, *, now: datetime) -> ApplicationView:
    """Return one application as it stands now, judged by the guide and the directory of now."""
    said = sealed.opened(row)
    case = case_of(row, said, now=now)
    person = row.person
    return ApplicationView(
        id=row.pk,
        reference=row.reference,
        matter=row.matter,
        message=row.message,
        state=ApplicationState(row.state),
        received_at=row.received_at,
        promised_by=row.promised_by,
        late_at=row.late_at,
        form=said.form,
        mail=said.mail,
        answers=rules.examined(case),
        agencies=tuple(agencies.of_domain(case.domain)),
        proposed_by=row.proposed_by,
        proposed_at=row.proposed_at,
        proposed_agency=row.proposed_agency,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        reasons=tuple(Check(name) for name in row.reasons.split()),
        note=sealed.noted(row),
        person=row.person_id or "",
        activated=person is not None and person.has_usable_password(),
        link_until=row.link_until,
        link_over_at=row.link_over_at,
        notices=tuple(notices.of_matter(row.matter)),
    )


@dataclass(frozen=True, slots=True)
class Standing:
    """How an application stands, for the applicant."""

    reference: str
    open: bool
    sentence: str
    received_at: datetime
    promised_by: datetime
    window: str
    ask_after: str
    support: str


def standing(row: Application, *, now: datetime) -> Standing:
    """Return how an application stands, for its applicant (R-060)."""
    guide = policy.at(now)
    facts, terms = facts_of(row), guide.lookup.vetting
    return Standing(
        row.reference, row.is_open, rules.how_it_stands(facts, guide, now=now), row.received_at, row.promised_by,
        str(terms.window), str(terms.ask_after), guide.mailbox("portal").address,
    )  # fmt: skip


def facts_of(row: Application) -> rules.Facts:
    """Return what may be told to the applicant."""
    person = row.person
    return rules.Facts(
        row.reference, ApplicationState(row.state), row.received_at, row.promised_by, row.decided_at,
        person is not None and person.has_usable_password(), row.link_until, row.link_over_at is not None,
    )  # fmt: skip


def case_of(row: Application, said: sealed.Said, *, now: datetime) -> Case:
    """Return everything that an application is judged by, as of now."""
    return Case(said.mail, said.form, directory(said.form, but=row.pk), policy.at(now))


def directory(form: FormValues, *, but: str = "") -> DirectoryFacts:
    """Return what the directory knows about an applicant; `but` is the application itself."""
    mark = sealed.fingerprint(form.applicant_email)
    others = (
        Application.objects.filter(applicant_print=mark, state__in=OPEN)
        .exclude(pk=but)
        .order_by("received_at")
    )
    other = others.first() if mark else None
    return DirectoryFacts(
        agencies=_known(form.applicant_email),
        supervisors_agencies=_known(form.supervisor_email),
        domains=agencies.verified_domains(),
        has_account=bool(form.applicant_email) and bool(accounts.id_of(form.applicant_email)),
        open_application=other.reference if other else "",
    )


def letter(
    application: str,
    *,
    decision: str,
    checks: tuple[Check, ...] = (),
    note: str = "",
    by: Actor,
    now: datetime,
) -> Letter:
    """
    Return the letter that a decision would send, for looking at before it is sent.

    :raises NotYours: without the permission, or for an unknown application
    """
    require(by, "application.decide", now=now)
    row = Application.objects.filter(pk=application).first()
    if row is None:
        raise NotYours
    answers = rules.examined(case_of(row, sealed.opened(row), now=now))
    if decision == "refuse":
        said = letters.refused(answers, checks, note)
    else:
        said = letters.returned(row.reference, answers, checks, note)
    return notices.preview(said.message, said.context, now=now)


def _line(row: Application, *, now: datetime) -> ApplicationLine:
    said = sealed.opened(row)
    answers = rules.examined(case_of(row, said, now=now)) if row.state in OPEN else ()
    unmet = tuple(answer.check for answer in answers if not answer.met)
    return ApplicationLine(
        id=row.pk,
        reference=row.reference,
        state=ApplicationState(row.state),
        received_at=row.received_at,
        promised_by=row.promised_by,
        late=row.state in OPEN and row.promised_by < now,
        applicant=said.form.applicant_name or said.mail.sender,
        agency=said.form.agency_name or rules.domain_of(said.mail.sender),
        unmet=unmet,
        of_six=len(SIX) - len(set(unmet) & set(SIX)),
    )


def _known(address: str) -> tuple[KnownAgency, ...]:
    found = agencies.of_domain(rules.domain_of(address))
    return tuple(
        KnownAgency(agency.id, agency.name, agency.country, not agency.suspended) for agency in found
    )
