"""The words by which messages are told apart, and the sentences that say why. Data; no decision is made here."""

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


# Decisions D7, R-091: words that put a message before all others. One too many costs a minute, one too few a life.
URGENT = _any(
    r"\bexigen(?:t|cy)", r"\bemergenc(?:y|ies)\b", r"\bimminent\b", r"\bthreat to life\b", r"\bkidnap", r"\babduct",
    r"\bamber alert\b", r"\bmissing (?:child|person|endangered)", r"\bsuicid", r"\bactive shooter\b", r"\bhostage",
    r"\bdanger of (?:death|serious)", r"\bbomb threat\b", r"\bswatting\b",
)  # fmt: skip
DEMAND = _any(
    r"\bsubp(?:o|oe)na", r"\bsearch warrant\b", r"\bwarrant\b", r"\bcourt order\b", r"\bsummons\b", r"\b2703\b",
    r"\bpen register\b", r"\btrap and trace\b", r"\btitle iii\b", r"\bpreservation (?:letter|request|order)\b",
    r"\bproduction order\b", r"\bgrand jury\b", r"\blegal (?:demand|process)\b", r"\bcivil investigative demand\b",
    r"\bnational security letter\b", r"\bsubscriber information\b", r"\bexigent (?:circumstances )?(?:request|form)\b",
)  # fmt: skip
WITHDRAWAL = _any(
    r"\bwithdraw",
    r"\bno longer (?:need|require)",
    r"\bclose (?:the|this|our) case\b",
    r"\bcancel\b",
    r"\brescind",
)
STATUS = _any(
    r"\bstatus\b", r"\bany update", r"\bfollow(?:ing)?[ -]up\b", r"\bwhen (?:can|will|may) (?:we|i)\b"
)
SUPPORT = _any(
    r"\b(?:link|password|passkey|activation|code) (?:has |is |was )?expired", r"\bexpired (?:link|password)\b",
    r"\bnew link\b", r"\bcannot (?:log|sign) ?in\b", r"\bcan'?t (?:log|sign) ?in\b", r"\blocked out\b",
    r"\breset (?:my|the) password\b", r"\bsecond factor\b", r"\bauthenticator\b", r"\bnew phone\b", r"\bportal (?:help|problem|error)\b",
)  # fmt: skip
APPLICATION = _any(
    r"\bapplication (?:attached|form|for)\b.{0,40}\b(?:portal|access)\b",
    r"\bportal (?:access )?application\b",
)
AWAY = _any(
    r"^\W*(?:automatic|auto)[ -]?(?:reply|response|antwort)\b", r"^\W*out of (?:the )?office\b", r"\bréponse automatique\b",
    r"^\W*undeliver(?:able|ed)\b", r"^\W*delivery (?:status notification|failure)\b", r"^\W*returned mail\b", r"^\W*mail delivery (?:failed|subsystem)\b",
)  # fmt: skip
# Decision A4. Each pattern counts once; two make a civil party, one of the plain ones is enough.
CIVIL_PLAIN = _any(
    r"\bcivil (?:subpoena|litigation|action|lawsuit|matter|case|suit|deposition)\b", r"\bdivorce (?:action|case|proceeding)",
    r"\bwe represent (?:the )?(?:plaintiff|defendant|petitioner|respondent)", r"\bcounsel for (?:the )?(?:plaintiff|defendant|petitioner|respondent)",
    r"\battorneys? for (?:the )?(?:plaintiff|defendant|petitioner|respondent)",
)  # fmt: skip
CIVIL_HINTS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(each, re.IGNORECASE)
    for each in (
        r"\bplaintiffs?\b", r"\bdeposition\b", r"\b(?:law (?:firm|offices?)|LLP|attorneys? at law|esq\.?)\b", r"\bmy client\b|\bour client\b",
        r"\bsmall claims\b", r"\bcustody (?:case|dispute)\b", r"\bdiscovery (?:request|demand)\b|\binterrogator(?:y|ies)\b", r"\bcease and desist\b",
    )
)  # fmt: skip
GOVERNMENT = _any(
    r"\b(?:district|county|state'?s|city|commonwealth'?s|prosecuting|united states|u\.?s\.?) attorney\b", r"\battorney general\b", r"\bprosecut(?:or|ing)\b",
    r"\bcrown (?:attorney|counsel|prosecutor)\b", r"\b(?:police|sheriff|marshal|trooper)\b", r"\bcivil (?:rights|enforcement) (?:division|section|bureau)\b",
    r"\bpublic safety\b", r"\bgrand jury\b",
)  # fmt: skip
GOVERNMENT_DOMAIN = re.compile(
    r"(?:^|\.)(?:gov|mil|fed\.us|gc\.ca|gouv\.qc\.ca|gov\.[a-z]{2}\.ca)$|\.(?:state|co|ci|city|county)\.[a-z]{2}\.us$|\.[a-z]{2}\.us$|\.gov\.[a-z]{2}$"
)
REFERENCE = re.compile(r"\b([A-Z]{2}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4})\b")
PREFIXES = re.compile(
    r"^(?:\s*(?:re|fw|fwd|aw|wg|tr|sv)\s*(?:\[\d+\])?\s*:\s*|\s*\[(?:external|ext|secure|encrypt)[^\]]*\]\s*)+",
    re.IGNORECASE,
)

# Why a message is where it is: the code stands in the database and the trail, the sentence on the page.
REASONS: dict[str, str] = {
    "application_subject": "Its subject is the one that applications must have (R-048).",
    "application_form": "It carries the application form, under another subject than R-048 asks for.",
    "application_words": "It says that it is an application, and carries a file.",
    "support_subject": "Its subject is the one for support requests (R-068).",
    "support_words": "It asks for help with the portal.",
    "demand_mailbox": "It came to the mailbox for legal demands, where everything opens a case (R-041).",
    "demand_words": "It names legal process.",
    "emergency_mailbox": "It came to the mailbox for emergencies.",
    "status_mailbox": "It came to the mailbox for status and withdrawal (R-043).",
    "withdrawal_words": "It names a case and asks to withdraw.",
    "status_words": "It names a case and asks how it stands.",
    "case_named": "It names a case.",
    "support_named": "It names a support request.",
    "application_status": "It names an application and asks how it stands (R-060).",
    "application_named": "It names an application; a person reads it.",
    "by_hand": "A person worked on it elsewhere.",
    "answers_us": "It answers a message of ours.",
    "no_reply_mailbox": "It came to an address that only sends (R-062).",
    "other_mailbox": "It came to an address that is none of the published ones (R-069).",
    "civil_words": "It shows itself to be from a civil party; a person has to confirm that (A4).",
    "nothing_recognised": "Nothing in it says what it is; a person decides.",
    "mailbox_without_rule": "The guide gives its mailbox no work that Tecum knows; a person decides.",
    "delivery_report": "It is a report on the delivery of a message of ours.",
    "automatic_answer": "It is somebody's automatic answer (RFC 3834).",
    "automatic_mail": "It was sent by a program to many, and carries no file (RFC 3834).",
    "own_address": "Its sender is an address of ours: a loop, or a forgery.",
    "same_message": "The same message, with the same Message-ID and content, came before.",
    "two_from": "It has two From lines: nobody can say who sent it.",
    "several_from": "It names several senders.",
    "no_from": "It names no sender.",
    "too_deep": "Its parts are nested deeper than any mail; only its head was read.",
    "too_many_parts": "It has more parts than any mail.",
    "program": "It carries a program.",
    "virus": "The scanner found a virus in it.",
    "bomb": "It carries an archive that would swell beyond measure.",
    "winmail": "What it says is inside a winmail.dat that could not be read through.",
    "sealed_mail": "It is encrypted or signed in a way that hides its content; ask the sender for a plain copy.",
    "unreadable_time": "Reading it took longer than any message may.",
    "unreadable_memory": "Reading it took more memory than any message may.",
    "unreadable_too_deep": "It is nested too deep to be read.",
    "unreadable_raised": "It could not be read: its bytes are no message.",
    "unreadable_died": "Reading it broke the reader, twice.",
    "person": "A person decided so.",
}
# What a person should know before opening: the sign stands in the facts, the sentence on the page.
SIGNS: dict[str, str] = {
    "active": "holds scripts or actions, which its copy does not",
    "archive": "is an archive; it was not unpacked",
    "bomb": "would swell beyond measure",
    "damaged": "is damaged",
    "encrypted": "is locked with a password",
    "form": "is a filled form",
    "forwarded": "it forwards another message",
    "malformed": "is not formed as the standards say",
    "no_subject": "it has no subject",
    "not_what_it_says": "is not of the type it says",
    "opaque": "it is signed in a way that hides its content",
    "program": "is a program",
    "protected": "is protected against changes",
    "scan": "is a picture of a page, without text",
    "signed": "it is signed (the signature is not checked)",
    "unknown_charset": "its letters are of a set that nobody knows",
    "unreadable_part": "a part of it could not be read",
    "virus": "the scanner found a virus",
    "winmail": "is an Outlook package (winmail.dat)",
}
