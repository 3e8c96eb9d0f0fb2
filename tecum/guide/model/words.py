"""The words by which messages are told apart, as data of the guide; what stands here is what a guide that is silent has."""

from dataclasses import dataclass, fields

from tecum.guide import phrases
from tecum.guide.entries import Stated
from tecum.guide.fields import maybe

URGENT = (
    "exigent*", "exigency", "emergency | emergencies", "imminent", "threat to life", "kidnap*", "abduct*", "amber alert",
    "missing child* | missing person* | missing endangered", "suicid*", "active shooter", "hostage*",
    "danger of death | danger of serious*", "bomb threat", "swatting",
)  # fmt: skip
DEMAND = (
    "subpoena* | subpena* | subpona*", "search warrant", "warrant", "court order", "summons", "2703", "pen register", "trap and trace",
    "title iii", "preservation letter | preservation request | preservation order", "production order", "grand jury",
    "legal demand | legal process", "civil investigative demand", "national security letter", "subscriber information",
    "exigent request | exigent form | exigent circumstances request | exigent circumstances form",
)  # fmt: skip
WITHDRAWAL = (
    "withdraw*", "no longer need* | no longer require*", "close the case | close this case | close our case", "cancel", "rescind*",
)  # fmt: skip
STATUS = (
    "status", "any update*", "follow up | following up",
    "when can we | when can i | when will we | when will i | when may we | when may i",
)  # fmt: skip
SUPPORT = (
    "link … expired", "password … expired", "passkey … expired", "activation … expired", "code … expired",
    "expired link | expired password", "new link", "cannot log in | cannot login | cannot sign in | cannot signin",
    "can't log in | can't login | can't sign in | can't signin", "cant log in | cant login | cant sign in | cant signin", "locked out",
    "reset my password | reset the password", "second factor", "authenticator", "new phone",
    "portal help | portal problem | portal error",
)  # fmt: skip
APPLICATION = (
    "application attached … portal | application attached … access", "application form … portal | application form … access",
    "application for … portal | application for … access", "portal application | portal access application",
)  # fmt: skip
AUTOMATIC = (
    "automatic reply | automatic response | auto reply | auto response | autoreply | autoresponse | automatische antwort",
    "out of office | out of the office", "réponse automatique", "undeliverable | undelivered",
    "delivery status notification | delivery failure", "returned mail", "mail delivery failed | mail delivery subsystem",
)  # fmt: skip
CIVIL = (
    "civil subpoena | civil litigation | civil action | civil lawsuit | civil matter | civil case | civil suit | civil deposition",
    "divorce action* | divorce case* | divorce proceeding*",
    "we represent plaintiff* | we represent defendant* | we represent petitioner* | we represent respondent*",
    "we represent the plaintiff* | we represent the defendant* | we represent the petitioner* | we represent the respondent*",
    "counsel for plaintiff* | counsel for defendant* | counsel for petitioner* | counsel for respondent*",
    "counsel for the plaintiff* | counsel for the defendant* | counsel for the petitioner* | counsel for the respondent*",
    "attorney for plaintiff* | attorney for defendant* | attorney for petitioner* | attorney for respondent*",
    "attorney for the plaintiff* | attorney for the defendant* | attorney for the petitioner* | attorney for the respondent*",
    "attorneys for plaintiff* | attorneys for defendant* | attorneys for petitioner* | attorneys for respondent*",
    "attorneys for the plaintiff* | attorneys for the defendant* | attorneys for the petitioner* | attorneys for the respondent*",
)  # fmt: skip
CIVIL_HINTS = (
    "plaintiff | plaintiffs", "deposition", "law firm | law office | law offices | LLP | attorney at law | attorneys at law | esq",
    "my client | our client", "small claims", "custody case | custody dispute",
    "discovery request | discovery demand | interrogatory | interrogatories", "cease and desist",
)  # fmt: skip
GOVERNMENT = (
    "district attorney | county attorney | state's attorney | states attorney | city attorney | commonwealth's attorney | commonwealths attorney",
    "prosecuting attorney | united states attorney | us attorney | u.s. attorney | u.s attorney | attorney general", "prosecutor | prosecuting",
    "crown attorney | crown counsel | crown prosecutor", "police | sheriff | marshal | trooper",
    "civil rights division | civil rights section | civil rights bureau",
    "civil enforcement division | civil enforcement section | civil enforcement bureau", "public safety", "grand jury",
)  # fmt: skip
GOVERNMENT_DOMAINS = ("gov", "mil", "fed.us", "gc.ca", "gouv.qc.ca", "gov.??.ca", "??.us", "gov.??")
NON_RESULT = (
    "no result* | non result* | nonresult*", "without result | without a result", "not in the portal | not in your portal",
    "came back empty | came back blank | came up empty | came up blank",
    "who owns … number | who has … number | who holds … number | who serves … number", "nothing found | nothing was found",
)  # fmt: skip
CONDITIONS = (
    "not", "no", "never", "*n't", "but", "if", "unless", "only", "until", "provided", "condition*", "however", "except", "instead",
    "less", "reduc*", "dispute*", "withdraw*", "later", "pending", "maximum", "limit*", "refuse*", "decline*",
)  # fmt: skip
DISPATCHERS = (
    "psap", "911", "9-1-1", "dispatch", "communication center | communication centre | communications center | communications centre",
    "answering point",
)  # fmt: skip
TITLE_III = ("*intercept*", "*eavesdrop*", "*wiretap*", "wire tap*", "title iii | titleiii")
PEN_REGISTER = ("pen register* | penregister*",)
TRAP_AND_TRACE = ("trap and trace* | trapandtrace*",)
DISPATCH_SERVICE = ("*dispatch*",)
OWN_NUMBER = (
    "call | call me | call us", "phone | telephone | tel", "fax", "desk", "cell", "mobile", "reach me | reach us", "switchboard",
    "contact",
)  # fmt: skip
OWN_NUMBER_JOINS = ("number", "no", "back", "at", "on", "is")
FREE_MAIL = (
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.ca", "ymail.com", "outlook.com", "hotmail.com", "hotmail.ca",
    "live.com", "live.ca", "msn.com", "aol.com", "icloud.com", "me.com", "mac.com", "proton.me", "protonmail.com", "pm.me",
    "gmx.com", "gmx.net", "mail.com", "zoho.com", "yandex.com", "tutanota.com", "tuta.io", "fastmail.com", "hushmail.com",
    "comcast.net", "verizon.net", "att.net", "sbcglobal.net", "bellsouth.net", "cox.net", "charter.net", "rogers.com",
    "shaw.ca", "sympatico.ca", "bell.net", "telus.net", "videotron.ca", "qq.com", "163.com", "mail.ru", "inbox.com",
)  # fmt: skip
MACHINES = (
    "scan", "copier", "printer", "mfp", "mfd", "xerox", "ricoh", "konica", "canon", "fax", "noreply", "no-reply",
    "donotreply",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Words(Stated):
    """
    The words by which messages are told apart. A list that is written replaces the one that Tecum has.

    Each phrase is one or more words; case, line breaks and dashes do not matter. `*` at the beginning or end of a word is
    any letters, `…` between words at most forty characters, `|` parts phrases that count as one.
    """

    urgent: tuple[str, ...] = maybe(URGENT, "These put a message before all others (R-091).")
    demand: tuple[str, ...] = maybe(DEMAND, "These name legal process.")
    withdrawal: tuple[str, ...] = maybe(WITHDRAWAL, "Beside a case's reference: it is withdrawn.")
    status: tuple[str, ...] = maybe(STATUS, "Beside a reference: somebody asks how it stands.")
    support: tuple[str, ...] = maybe(SUPPORT, "These ask for help with the portal.")
    application: tuple[str, ...] = maybe(
        APPLICATION, "Beside a file, under another subject than the guide asks for: an application."
    )
    automatic: tuple[str, ...] = maybe(
        AUTOMATIC, "A subject that begins with these was written by a program."
    )
    civil: tuple[str, ...] = maybe(CIVIL, "One of these shows a civil party (A4).")
    civil_hints: tuple[str, ...] = maybe(CIVIL_HINTS, "Two of these show a civil party.")
    government: tuple[str, ...] = maybe(
        GOVERNMENT, "Who writes these is no civil party: government attorneys and civil enforcement."
    )
    government_domains: tuple[str, ...] = maybe(
        GOVERNMENT_DOMAINS, "Nor is who writes from such a domain; `?` is one letter."
    )
    non_result: tuple[str, ...] = maybe(
        NON_RESULT, "A request for help with these is about a number that the portal did not show (R-038)."
    )
    conditions: tuple[str, ...] = maybe(
        CONDITIONS, "An acceptance of a quote with one of these, or a question mark, is read by a person."
    )
    dispatchers: tuple[str, ...] = maybe(
        DISPATCHERS, "An emergency request with these comes from a public safety answering point (R-082)."
    )
    title_iii: tuple[str, ...] = maybe(TITLE_III, "An emergency request with these wants content (D3).")
    pen_register: tuple[str, ...] = maybe(PEN_REGISTER, "One with these wants a pen register (D3).")
    trap_and_trace: tuple[str, ...] = maybe(TRAP_AND_TRACE, "One with these wants a trap and trace (D3).")
    dispatch_service: tuple[str, ...] = maybe(
        DISPATCH_SERVICE, "A service with these is `dispatch`; any other is `interconnect` (D3)."
    )
    own_number: tuple[str, ...] = maybe(
        OWN_NUMBER, "A telephone number behind one of these is the writer's own, and no target."
    )
    own_number_joins: tuple[str, ...] = maybe(
        OWN_NUMBER_JOINS, "What may stand between those words and the number; single words."
    )

    def faults(self) -> tuple[str, ...]:
        """Return what is wrong with the phrases."""
        keys = {each.name for each in fields(Words)} - {each.name for each in fields(Stated)}
        return tuple(
            sentence
            for key in sorted(keys - {"government_domains"})
            for sentence in phrases.faults(key, getattr(self, key))
        )
