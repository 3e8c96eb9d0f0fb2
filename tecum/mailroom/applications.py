"""A message that is an application, as vetting looks at it."""

from tecum.inbox.facts import Facts, Part
from tecum.inbox.queries import Content
from tecum.vetting.facts import FileFacts, FileKind, FormValues, MailFacts

OUR_FIELDS = ("applicant_name", "applicant_email", "supervisor_email")
VERDICTS = {"aligned": "aligned", "unaligned": "unaligned", "failed": "failed"}


def facts_of(content: Content) -> MailFacts:
    """Return the facts of a message that its six rules are judged by."""
    said = content.facts
    return MailFacts(
        subject=said.subject,
        senders=tuple(each.address for each in said.senders),
        to=tuple(each.address for each in said.to),
        cc=tuple(each.address for each in said.cc),
        files=tuple(_file(part) for part in said.parts if part.attached or _credential(part)),
        forwarded=_forwarded(said),
        proven=VERDICTS.get(content.authentication.verdict, "none"),  # type: ignore[arg-type]
        message_id=f"<{said.message_id}>" if said.message_id else "",
    )


def _file(part: Part) -> FileFacts:
    return FileFacts(
        number=part.number,
        name=part.name,
        kind=_kind(part),
        media_type=part.sniffed,
        size=part.size,
        pages=part.pages,
        locked="encrypted" in part.signs,
        values=part.fields if _kind(part) == "form" else (),
    )


def _kind(part: Part) -> FileKind:
    names = {name for name, _ in part.fields}
    if "form" in part.signs and names & {*OUR_FIELDS} and names & {*FormValues().as_dict()}:
        return "form"
    if part.sniffed == "application/pdf":
        return "pdf"
    return "image" if part.sniffed.startswith("image/") else "other"


def _credential(part: Part) -> bool:
    """Tell whether a picture stands in the text of the message, as telephones send a photograph; no logo is so large."""
    return part.sniffed.startswith("image/") and part.size > 20_000


def _forwarded(said: Facts) -> bool:
    return said.subject.lower().lstrip().startswith(("fw:", "fwd:", "wg:", "tr:")) or bool(said.nested)
