"""
The checks: the six rules of an application (R-047) and what else is looked at: each answers met or not, with a sentence.

The sentence of a check that is not met is written to the applicant, who reads it in the automatic response; staff read
the same. Nothing here decides: a person does.
"""

from collections.abc import Callable
from dataclasses import dataclass

from tecum.guide.model.guide import Guide
from tecum.guide.model.lookup import Eligibility
from tecum.vetting.facts import DirectoryFacts, FormValues, MailFacts
from tecum.vetting.rules.likeness import domain_of, looks_like, registrable
from tecum.vetting.states import SIX, TITLES, Check

REQUIRED: dict[str, str] = {
    "applicant_name": "your name",
    "applicant_title": "your title",
    "applicant_role": "your job role",
    "applicant_badge": "your badge or ID number",
    "applicant_email": "your agency e-mail address",
    "applicant_phone": "your desk telephone",
    "agency_name": "the agency's name",
    "agency_type": "the kind of agency",
    "agency_country": "the agency's country",
    "agency_subdivision": "the agency's state or province",
    "agency_address": "the agency's street address",
    "agency_switchboard": "the agency's main number",
    "supervisor_name": "the supervisor's name",
    "supervisor_title": "the supervisor's title",
    "supervisor_email": "the supervisor's e-mail address",
    "supervisor_phone": "the supervisor's telephone",
    "code_word": "your code word",
    "signed_on": "the date",
    "signature": "your signature",
}


ARCHIVES = frozenset(
    {"application/zip", "application/x-7z-compressed", "application/x-rar-compressed", "application/gzip"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one check; `sentence` says what is wrong, or what was found."""

    check: Check
    met: bool
    sentence: str

    @property
    def title(self) -> str:
        """Return what the check is about."""
        return TITLES[self.check]

    @property
    def is_rule(self) -> bool:
        """Tell whether it is one of the six rules that every applicant must observe."""
        return self.check in SIX


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that one application is judged by."""

    mail: MailFacts
    form: FormValues
    directory: DirectoryFacts
    guide: Guide

    @property
    def eligibility(self) -> Eligibility:
        """Return who may apply, by the guide."""
        return self.guide.lookup.eligibility

    @property
    def domain(self) -> str:
        """Return the domain of the address in the form."""
        return domain_of(self.form.applicant_email)


def answer(check: Check, case: Case) -> Answer:
    """Return the answer of one check."""
    met, sentence = CHECKS[check](case)
    return Answer(check, met, sentence)


def _subject(case: Case) -> tuple[bool, str]:
    """R-048: the subject line of the guide, ignoring case and white space and the marks of a mail program."""
    wanted = (
        case.guide.mailbox("portal").subject_lines.get("application")
        or case.guide.mailbox("portal").subject_line
    )
    if not wanted or _plain(wanted) in _plain(case.mail.subject):
        return True, "The subject line is as asked."
    return False, f"The subject line should read “{wanted}”."


def _alone(case: Case) -> tuple[bool, str]:
    """R-049: one application in a message, and one's own."""
    count = len(case.mail.forms)
    if count > 1:
        return False, f"The message held {count} application forms; send one application in each message."
    if case.mail.forwarded:
        return False, "The message was forwarded; send your own application yourself."
    return True, "One application in one message."


def _sender(case: Case) -> tuple[bool, str]:
    """R-050: from the agency address in the form; never a scanner's, never a colleague's."""
    sender, named = case.mail.sender, case.form.applicant_email
    if not sender:
        return False, "The message did not have one sender; send it from your agency e-mail address."
    if any(mark in sender.partition("@")[0] for mark in case.guide.mail.machines):
        return (
            False,
            "The message came from a scanner's or an automatic address; send it from your own agency address.",
        )
    if not named:
        return False, "The form does not give your agency e-mail address, from which the message must come."
    if sender != named:
        return (
            False,
            "The message came from another address than the one in the form; send it from the address in the form.",
        )
    return True, "Sent from the address in the form."


def _supervisor(case: Case) -> tuple[bool, str]:
    """R-051: the supervisor named in the form is on CC."""
    if not case.eligibility.supervisor:
        return True, "This carrier asks for no supervisor."
    named = case.form.supervisor_email
    if not named:
        return False, "The form does not give your supervisor's e-mail address."
    if named == case.form.applicant_email:
        return (
            False,
            "The supervisor named in the form has your own address; name your supervising officer or agent.",
        )
    if named not in {*case.mail.cc, *case.mail.to}:
        return False, "The supervisor named in the form was not copied (CC) on the message."
    return True, "The supervisor named in the form was copied."


def _form(case: Case) -> tuple[bool, str]:
    """R-052: the fillable PDF, typed in all fields."""
    if not case.mail.forms:
        return False, _no_form(case.mail)
    if case.mail.forms[0].locked:
        return False, "The form is locked by a password; send it without one."
    empty = [label for name, label in _required(case) if not getattr(case.form, name)]
    if empty:
        return False, f"These fields of the form are empty: {_listed(empty)}.{_older(case)}"
    return True, f"The form is typed in all fields.{_older(case)}"


def _older(case: Case) -> str:
    """Return the sentence about a form of another version: harmless while it has every field that is asked for."""
    version, current = case.form.form_version, case.guide.guide.version
    if not version or version == current:
        return ""
    return f" The form is of version {version}; the one we publish now is of version {current}."


def _no_form(mail: MailFacts) -> str:
    if any(file.kind == "pdf" and file.locked for file in mail.files):
        return "A file is locked by a password; send the form without one."
    if any(file.media_type in ARCHIVES for file in mail.files):
        return "A file is an archive (ZIP), which we do not unpack; attach the form and your credentials themselves."
    if any(file.kind in {"pdf", "image"} and file.pages != 0 for file in mail.files) or len(mail.files) > 1:
        return "The form was printed, scanned or flattened; fill in the PDF itself, because we copy out what you typed."
    return "The application form was not attached as the fillable PDF."


def _credentials(case: Case) -> tuple[bool, str]:
    """R-053: credentials as a separate, second file. What is locked or an archive holds the form, if nothing else does."""
    others = [file for file in case.mail.files if file.kind in {"image", "pdf"} and not file.locked]
    holds_the_form = any(file.locked or file.media_type in ARCHIVES for file in case.mail.files)
    if others and (case.mail.forms or holds_the_form):
        return True, "A second file with credentials was attached."
    if len(others) > 1:
        return True, "Files were attached that can be credentials."
    return (
        False,
        "Your credentials (an image or scan of an ID, badge or business card) were not attached as a second file.",
    )


def _country(case: Case) -> tuple[bool, str]:
    """R-001, R-004: an agency based in a country of the guide."""
    allowed, country = case.eligibility.countries, case.form.agency_country.upper()
    if not allowed or country in allowed:
        return True, f"The agency is based in {country or 'a country that was not named'}."
    if not country:
        return False, "the form does not say in which country the agency is based"
    return (
        False,
        f"applications are accepted only from agencies based in {_listed([_country_name(code) for code in allowed])}",
    )


def _eligible(case: Case) -> tuple[bool, str]:
    """R-007, R-008: the job role and the kind of agency."""
    role, kind = case.form.applicant_role, case.form.agency_type
    if case.eligibility.roles and role and role not in case.eligibility.roles:
        return False, f"the job role “{role.replace('_', ' ')}” is not among those that may have access"
    if case.eligibility.agency_types and kind and kind not in case.eligibility.agency_types:
        return False, f"an agency of the kind “{kind.replace('_', ' ')}” may not have access"
    return True, "Job role and kind of agency may have access."


def _attested(case: Case) -> tuple[bool, str]:
    """R-006, R-007, R-009: the declarations of the guide, each ticked."""
    open_ones = [name for name in case.eligibility.attestations if not getattr(case.form, name, "")]
    if open_ones:
        names = [name.removeprefix("attest_").replace("_", " ") for name in open_ones]
        return False, f"These declarations of the form are not ticked: {_listed(names)}."
    return True, "Every declaration is ticked."


def _domain(case: Case) -> tuple[bool, str]:
    """A verified domain of an agency in good standing; one never seen before needs a second person."""
    found = case.directory.agencies
    if not found:
        return (
            False,
            f"No agency of the directory has the domain {case.domain or '(none)'}; a second person must confirm it.",
        )
    bad = [agency.name for agency in found if not agency.in_good_standing]
    if bad:
        return False, f"The agency is suspended: {_listed(bad)}."
    return True, f"The domain {case.domain} is verified for {_listed([agency.name for agency in found])}."


def _look_alike(case: Case) -> tuple[bool, str]:
    other = looks_like(case.domain, case.directory.domains) if case.domain else ""
    if other:
        return False, f"The domain {case.domain} can be taken for {other}, which is verified: look closely."
    return True, "The domain resembles no verified one."


def _free_mail(case: Case) -> tuple[bool, str]:
    if case.domain in case.guide.mail.free_mail:
        return (
            False,
            f"the address is one of a mail service for everybody ({case.domain}) and not an agency's",
        )
    return True, "The address is not one of a mail service for everybody."


def _supervisors_agency(case: Case) -> tuple[bool, str]:
    """The supervisor's address is in the same registrable domain, or of the same agency of the directory."""
    theirs = domain_of(case.form.supervisor_email)
    mine = {agency.id for agency in case.directory.agencies}
    if mine & {agency.id for agency in case.directory.supervisors_agencies}:
        return True, "The supervisor's address belongs to the same agency."
    if theirs and registrable(theirs) == registrable(case.domain):
        return True, "The supervisor's address is in the same domain."
    return False, f"The supervisor's address is in another domain ({theirs or 'none'}) than the applicant's."


def _account(case: Case) -> tuple[bool, str]:
    """R-005: one account for one person, one open application at a time."""
    if case.directory.has_account:
        return False, "There is an account with this address."
    if case.directory.open_application:
        return False, f"Another application of this address is open: {case.directory.open_application}."
    return True, "No account and no other open application with this address."


def _proven(case: Case) -> tuple[bool, str]:
    """What the mail systems say of the sender: evidence, never an identity (decisions, part E)."""
    words = {
        "aligned": "The mail systems prove the sender's domain.",
        "unaligned": "The mail systems prove another domain than the sender's.",
        "failed": "The mail systems say that the sender's domain is forged.",
        "none": "The mail systems say nothing of the sender's domain.",
    }
    return case.mail.proven == "aligned", words[case.mail.proven]


CHECKS: dict[Check, Callable[[Case], tuple[bool, str]]] = {
    Check.SUBJECT: _subject,
    Check.ALONE: _alone,
    Check.SENDER: _sender,
    Check.SUPERVISOR: _supervisor,
    Check.FORM: _form,
    Check.CREDENTIALS: _credentials,
    Check.COUNTRY: _country,
    Check.ELIGIBLE: _eligible,
    Check.ATTESTED: _attested,
    Check.DOMAIN: _domain,
    Check.LOOK_ALIKE: _look_alike,
    Check.FREE_MAIL: _free_mail,
    Check.SUPERVISORS_AGENCY: _supervisors_agency,
    Check.ACCOUNT: _account,
    Check.PROVEN: _proven,
}


def _required(case: Case) -> list[tuple[str, str]]:
    supervisor = case.eligibility.supervisor
    return [
        (name, label) for name, label in REQUIRED.items() if supervisor or not name.startswith("supervisor")
    ]


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _country_name(code: str) -> str:
    return {"US": "the United States", "CA": "Canada"}.get(code, code)
