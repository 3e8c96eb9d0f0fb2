"""What vetting looks at: the message, the form in it, and what the directory knows. Frozen, typed, said by strangers."""

from dataclasses import dataclass, fields
from typing import Literal

FileKind = Literal["form", "pdf", "image", "other"]
ROLE_FIELDS = ("applicant_role", "agency_type", "agency_country", "agency_subdivision")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """A file of the message: what its first bytes say it is, and the values of a form in it."""

    number: str
    name: str
    kind: FileKind
    media_type: str = ""
    size: int = 0
    pages: int = 0
    locked: bool = False  # encrypted: nobody can read it
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class MailFacts:
    """A message that brought an application. Addresses are in lower case; `proven` is the mail systems' verdict."""

    subject: str
    senders: tuple[str, ...]
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    files: tuple[FileFacts, ...] = ()
    forwarded: bool = False
    proven: Literal["aligned", "unaligned", "failed", "none"] = "none"
    message_id: str = ""

    @property
    def sender(self) -> str:
        """Return the one sender's address, "" where there is none or more than one."""
        return self.senders[0] if len(self.senders) == 1 else ""

    @property
    def forms(self) -> tuple[FileFacts, ...]:
        """Return the files that are application forms."""
        return tuple(file for file in self.files if file.kind == "form")


@dataclass(frozen=True, slots=True)
class FormValues:
    """The fields of the application (decision A5), as typed. A declaration is "yes" or empty."""

    form_version: str = ""
    applicant_name: str = ""
    applicant_title: str = ""
    applicant_role: str = ""
    applicant_badge: str = ""
    applicant_email: str = ""
    applicant_phone: str = ""
    applicant_mobile: str = ""
    agency_name: str = ""
    agency_type: str = ""
    agency_country: str = ""
    agency_subdivision: str = ""
    agency_address: str = ""
    agency_switchboard: str = ""
    agency_ori: str = ""
    supervisor_name: str = ""
    supervisor_title: str = ""
    supervisor_email: str = ""
    supervisor_phone: str = ""
    attest_responsibilities: str = ""
    attest_individual: str = ""
    attest_purpose: str = ""
    attest_terms: str = ""
    code_word: str = ""
    signed_on: str = ""
    signature: str = ""

    @classmethod
    def read(cls, values: "tuple[tuple[str, str], ...] | dict[str, str]") -> "FormValues":
        """Return the fields that this form knows, each on one line, addresses in lower case; others are left out."""
        known = {field.name for field in fields(cls)}
        given = {name: " ".join(str(value).split()) for name, value in dict(values).items() if name in known}
        for name in ("applicant_email", "supervisor_email"):
            given[name] = given.get(name, "").lower()
        for name in ROLE_FIELDS:
            given[name] = given.get(name, "").strip("/")
        return cls(**{name: _ticked(name, value) for name, value in given.items()})

    def as_dict(self) -> dict[str, str]:
        """Return the fields by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


@dataclass(frozen=True, slots=True)
class KnownAgency:
    """An agency of the directory that has the applicant's mail domain."""

    id: str
    name: str
    country: str
    in_good_standing: bool = True


@dataclass(frozen=True, slots=True)
class DirectoryFacts:
    """What the directory knows: agencies with the applicant's domain, every verified domain, an account there already."""

    agencies: tuple[KnownAgency, ...] = ()
    supervisors_agencies: tuple[KnownAgency, ...] = ()
    domains: frozenset[str] = frozenset()
    has_account: bool = False
    open_application: str = ""


def _ticked(name: str, value: str) -> str:
    if not name.startswith("attest_"):
        return value
    return "yes" if value.strip("/").lower() not in {"", "off", "no", "false", "0"} else ""
