"""Accept, return, refuse. A domain that no agency of the directory has takes two people, bound to the same act."""

from datetime import datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.accounts import operations as accounts
from tecum.agencies import operations as agencies
from tecum.agencies import queries as directory
from tecum.agencies.states import AgencyType
from tecum.audit import operations as audit
from tecum.deadlines import operations as deadlines
from tecum.kernel import numbers
from tecum.kernel.actors import Actor
from tecum.kernel.refusals import Refused
from tecum.notices import operations as notices
from tecum.notices.rules import is_address, reply_address
from tecum.vetting import letters, rules, sealed
from tecum.vetting.facts import FormValues
from tecum.vetting.letters import Draft
from tecum.vetting.models import Application
from tecum.vetting.operations.activation import send_pair
from tecum.vetting.operations.receiving import PROMISED
from tecum.vetting.queries import case_of
from tecum.vetting.rules import Case
from tecum.vetting.sealed import Said
from tecum.vetting.states import APPLICATION_NEXT, SIX, ApplicationState, Check

NEVER = frozenset({Check.COUNTRY, Check.ELIGIBLE, Check.FREE_MAIL})  # no person may waive these
HOW = "application {reference}, confirmed by two people of the carrier"


class CannotDecide(Refused):
    """The application is decided already, or the decision lacks what it needs."""


class CannotAccept(Refused):
    """The application may not be accepted as it stands; the sentence says why."""


class SamePerson(Refused):
    """Two people confirm a domain that was never seen before."""


@transaction.atomic
def accept(
    *, application: str, by: Actor, now: datetime, agency: str = "", despite: str = ""
) -> ApplicationState:
    """
    Accept an application. The profile is made and the pair of messages sent at once where an agency of the directory has
    the domain; else this proposes it, and the same act by a second person makes it so.

    `agency` is the agency of the directory that a new domain belongs to; without it the agency is entered from the form.
    `despite` says why one of the six rules is waived.

    :raises NotYours: without the permission, or for an unknown application
    :raises CannotAccept: for an ineligible applicant, an account that exists, or a waived rule without a reason
    :raises SamePerson: when who proposed it confirms it
    """
    require(by, "application.decide", now=now)
    accounts.stand(by=by, now=now)
    row = _to_decide(application, ApplicationState.ACCEPTED)
    said = sealed.opened(row)
    _may_be_accepted(case_of(row, said, now=now), despite)
    known = directory.of_domain(rules.domain_of(said.form.applicant_email))
    if known:
        home = _chosen(agency, [each.id for each in known])
    else:
        if not _confirmed(row, said.form, agency, by=by, now=now):
            return ApplicationState.PROPOSED
        home = _entered(row, said.form, agency, by=by, now=now)
    person = _profile(said.form, home, by=by, now=now)
    row.person_id = person
    _decided(row, ApplicationState.ACCEPTED, checks=(), note=despite, by=by, now=now)
    send_pair(row, said.form, person=person, by=by, now=now)
    audit.record(
        "application.accepted",
        by=by,
        at=now,
        matter=row.matter,
        application=row.pk,
        person=person,
        agency=home,
    )
    return ApplicationState.ACCEPTED


@transaction.atomic
def return_(
    *, application: str, by: Actor, now: datetime, checks: tuple[Check, ...] = (), note: str = ""
) -> None:
    """
    Send an application back as illegible or incomplete, with the reasons chosen (R-052, R-058).

    :raises CannotDecide: without a reason
    """
    require(by, "application.decide", now=now)
    accounts.stand(by=by, now=now)
    row = _to_decide(application, ApplicationState.RETURNED)
    said = sealed.opened(row)
    draft = letters.returned(row.reference, rules.examined(case_of(row, said, now=now)), checks, note)
    if not draft.context["deficiencies"]:
        raise CannotDecide("Choose at least one reason, or write one: the applicant must know what to mend.")
    _decided(row, ApplicationState.RETURNED, checks=checks, note=note, by=by, now=now)
    _post(row, said, draft, by=by, now=now)
    audit.record(
        "application.returned", by=by, at=now, matter=row.matter, application=row.pk, reasons=_codes(checks)
    )


@transaction.atomic
def refuse(
    *, application: str, by: Actor, now: datetime, checks: tuple[Check, ...] = (), note: str = ""
) -> None:
    """
    Refuse an application as ineligible, naming the rule (R-004, A4).

    :raises CannotDecide: without a reason
    """
    require(by, "application.decide", now=now)
    accounts.stand(by=by, now=now)
    row = _to_decide(application, ApplicationState.REFUSED)
    said = sealed.opened(row)
    draft = letters.refused(rules.examined(case_of(row, said, now=now)), checks, note)
    if not draft.context["rule"]:
        raise CannotDecide("Choose at least one reason, or write one: the letter names the rule.")
    _decided(row, ApplicationState.REFUSED, checks=checks, note=note, by=by, now=now)
    _post(row, said, draft, by=by, now=now)
    audit.record(
        "application.refused", by=by, at=now, matter=row.matter, application=row.pk, reasons=_codes(checks)
    )


@transaction.atomic
def take_proposal_back(*, application: str, by: Actor, now: datetime) -> None:
    """
    Undo a proposal before a second person confirmed it.

    :raises CannotDecide: when there is none
    """
    require(by, "application.decide", now=now)
    accounts.stand(by=by, now=now)
    row = Application.locked(application)
    if row.state != ApplicationState.PROPOSED:
        raise CannotDecide("Nothing is proposed for this application.")
    _turn(row, ApplicationState.RECEIVED, proposed_by="", proposed_at=None, proposed_agency="", act="")
    audit.record("application.proposal_withdrawn", by=by, at=now, matter=row.matter, application=row.pk)


def _to_decide(application: str, to: ApplicationState) -> Application:
    row = Application.locked(application)
    if not row.is_open or to not in APPLICATION_NEXT[ApplicationState(row.state)]:
        raise CannotDecide(f"Application {row.reference} is already {row.state.lower()}.")
    return row


def _may_be_accepted(case: Case, despite: str) -> None:
    form = case.form
    if not is_address(form.applicant_email) or not form.applicant_name:
        raise CannotAccept(
            "Without the applicant's name and agency e-mail address no profile can be made; return it."
        )
    unmet = {answer.check: answer.sentence for answer in rules.examined(case) if not answer.met}
    hard = [sentence for check, sentence in unmet.items() if check in NEVER]
    if hard:
        raise CannotAccept(f"This application cannot be accepted: {'; '.join(hard)}.")
    if case.directory.has_account:
        raise CannotAccept(unmet[Check.ACCOUNT])
    if any(not agency.in_good_standing for agency in case.directory.agencies):
        raise CannotAccept(unmet[Check.DOMAIN])
    if set(unmet) & {*SIX, Check.ATTESTED} and not despite.strip():
        raise CannotAccept(
            "Not every rule is met. Return the application, or say why it is accepted all the same."
        )


def _chosen(agency: str, known: list[str]) -> str:
    if agency and agency not in known:
        raise CannotAccept("The chosen agency does not have the applicant's domain.")
    if not agency and len(known) > 1:
        raise CannotAccept("Several agencies share this domain; choose the applicant's.")
    return agency or known[0]


def _confirmed(row: Application, form: FormValues, agency: str, *, by: Actor, now: datetime) -> bool:
    """Tell whether a second person confirms what was proposed; the first time, propose it."""
    act = rules.act(form, agency=agency, new_agency=not agency)
    if row.state == ApplicationState.PROPOSED and row.act == act:
        if row.proposed_by == by.ref:
            raise SamePerson(
                "You proposed this; a second person confirms a domain that was never seen before."
            )
        return True
    # Whatever differs from what was proposed voids it, and is a proposal of its own (assurance control 6).
    _turn(
        row, ApplicationState.PROPOSED, proposed_by=by.ref, proposed_at=now, proposed_agency=agency, act=act
    )
    audit.record("application.proposed", by=by, at=now, matter=row.matter, application=row.pk, act=act)
    return False


def _entered(row: Application, form: FormValues, agency: str, *, by: Actor, now: datetime) -> str:
    """Give the new domain to the agency chosen, or enter the agency from the form; return its id."""
    domain = rules.domain_of(form.applicant_email)
    how = HOW.format(reference=row.reference)
    if agency:
        agencies.add_domain(agency=agency, domain=domain, how=how, by=by, now=now)
        return agency
    kind = form.agency_type if form.agency_type in set(AgencyType) else AgencyType.OTHER
    made = agencies.create_agency(
        name=form.agency_name,
        type=kind,
        country=form.agency_country.upper(),
        subdivision=form.agency_subdivision.upper(),
        domains=[domain],
        how=how,
        address=form.agency_address,
        switchboard=_digits(form.agency_switchboard),
        ori=form.agency_ori[:9],
        by=by,
        now=now,
    )
    return made.id


def _profile(form: FormValues, agency: str, *, by: Actor, now: datetime) -> str:
    made = accounts.create_person(
        email=form.applicant_email,
        name=form.applicant_name,
        roles=["le_user"],
        agency=agency,
        title=form.applicant_title,
        job_role=form.applicant_role,
        phone=form.applicant_phone,
        supervisor_name=form.supervisor_name,
        supervisor_email=form.supervisor_email,
        by=by,
        now=now,
    )
    return made.id


def _decided(
    row: Application,
    state: ApplicationState,
    *,
    checks: tuple[Check, ...],
    note: str,
    by: Actor,
    now: datetime,
) -> None:
    _turn(
        row,
        state,
        decided_at=now,
        decided_by=by.ref,
        reasons=" ".join(_codes(checks)),
        note=sealed.note(row, note.strip()),
        person_id=row.person_id,
    )
    deadlines.disarm(PROMISED, subject=row.pk, now=now)


def _turn(row: Application, state: ApplicationState, **changes: object) -> None:
    """Change the state, only as the life cycle allows, and only from the state that was read."""
    was = ApplicationState(row.state)
    if state is not was and state not in APPLICATION_NEXT[was]:
        raise CannotDecide(f"Application {row.reference} is already {was.lower()}.")
    if Application.objects.filter(pk=row.pk, state=was).update(state=state, **changes) != 1:
        raise CannotDecide(f"Application {row.reference} was decided by somebody else meanwhile.")
    row.refresh_from_db()


def _post(row: Application, said: Said, draft: Draft, *, by: Actor, now: datetime) -> None:
    """Send a letter to the address that the application came from, in the thread of its message."""
    to = reply_address(said.incoming) or said.form.applicant_email
    notices.enqueue(
        draft.message,
        to=to,
        context=draft.context,
        matter=row.matter,
        in_reply_to=said.incoming.message_id,
        references=(*said.incoming.references, said.incoming.message_id),
        by=by,
        now=now,
    )


def _codes(checks: tuple[Check, ...]) -> list[str]:
    return [check.value for check in checks]


def _digits(text: str) -> str:
    try:
        return numbers.read(text)
    except numbers.NotANumber:
        return ""
