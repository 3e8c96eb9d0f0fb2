"""An application as an officer sends it, and each way to get it wrong."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

from tecum.guide.loading import load
from tecum.guide.model.guide import Guide
from tecum.models import Notice
from tecum.secrecy import operations as secrecy
from tecum.vetting.facts import DirectoryFacts, FileFacts, FormValues, KnownAgency, MailFacts

ROOT = Path(__file__).resolve().parents[1]
RUIZ = "ruiz@agency1.example.gov"
CHIEF = "okafor@agency1.example.gov"
TYPED = {
    "form_version": "2026-01",
    "applicant_name": "Marisol Ruiz",
    "applicant_title": "Detective",
    "applicant_role": "investigator",
    "applicant_badge": "4471",
    "applicant_email": RUIZ,
    "applicant_phone": "(292) 555-0142",
    "agency_name": "Marrow County Sheriff",
    "agency_type": "county",
    "agency_country": "US",
    "agency_subdivision": "OH",
    "agency_address": "12 Court Street, Fennimore Falls, OH 43000",
    "agency_switchboard": "(292) 555-0100",
    "supervisor_name": "Ada Okafor",
    "supervisor_title": "Lieutenant",
    "supervisor_email": CHIEF,
    "supervisor_phone": "(292) 555-0143",
    "attest_responsibilities": "yes",
    "attest_individual": "yes",
    "attest_purpose": "yes",
    "attest_terms": "yes",
    "code_word": "heron lamp",
    "signed_on": "2026-09-08",
    "signature": "Marisol Ruiz",
}
FORM = FileFacts("2", "application.pdf", "form", "application/pdf", 120_000, 2, values=tuple(TYPED.items()))
BADGE = FileFacts("3", "badge.jpg", "image", "image/jpeg", 300_000)
MAIL = MailFacts(
    subject="Application for portal access",
    senders=(RUIZ,),
    to=("portal@meadowlark.example",),
    cc=(CHIEF,),
    files=(FORM, BADGE),
    proven="aligned",
    message_id="<a1@agency1.example.gov>",
)
SHERIFF = KnownAgency("sheriff", "Marrow County Sheriff", "US")
KNOWN = DirectoryFacts(
    agencies=(SHERIFF,),
    supervisors_agencies=(SHERIFF,),
    domains=frozenset({"agency1.example.gov", "marrowcounty.gov"}),
)


def guide(name: str = "example") -> Guide:
    return load(ROOT / "guides" / name, date(2026, 9, 8))


def typed(**changes: str) -> FormValues:
    return FormValues.read({**TYPED, **changes})


def mail(**changes: object) -> MailFacts:
    return replace(MAIL, **changes)  # type: ignore[arg-type]


def mail_with(**values: str) -> MailFacts:
    """The same message, its form typed differently."""
    form = replace(FORM, values=tuple({**TYPED, **values}.items()))
    return replace(MAIL, files=(form, BADGE))


def link_in(notice: Notice) -> str:
    """The text of a message that holds a link, as the sender opens it."""
    said = secrecy.read_bytes(bytes(notice.secret), matter=notice.matter, about=f"notice {notice.pk}")
    return str(json.loads(said)["text"])


def token_in(notice: Notice) -> str:
    return link_in(notice).partition("/set-password/")[2].partition("/")[0]
