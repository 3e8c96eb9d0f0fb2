"""The life of an application (R-058), the checks it is put to, and what can be decided."""

from enum import StrEnum


class ApplicationState(StrEnum):
    RECEIVED = "RECEIVED"
    PROPOSED = "PROPOSED"
    ACCEPTED = "ACCEPTED"
    RETURNED = "RETURNED"
    REFUSED = "REFUSED"


APPLICATION_NEXT: dict[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.RECEIVED: frozenset(
        {
            ApplicationState.PROPOSED,
            ApplicationState.ACCEPTED,
            ApplicationState.RETURNED,
            ApplicationState.REFUSED,
        }
    ),
    ApplicationState.PROPOSED: frozenset(
        {
            ApplicationState.RECEIVED,
            ApplicationState.ACCEPTED,
            ApplicationState.RETURNED,
            ApplicationState.REFUSED,
        }
    ),
    ApplicationState.ACCEPTED: frozenset(),
    ApplicationState.RETURNED: frozenset(),
    ApplicationState.REFUSED: frozenset(),
}
OPEN = frozenset({ApplicationState.RECEIVED, ApplicationState.PROPOSED})


class Check(StrEnum):
    """What an application is asked: the six rules of R-047 first, in their order, then what else is looked at."""

    SUBJECT = "subject"
    ALONE = "alone"
    SENDER = "sender"
    SUPERVISOR = "supervisor"
    FORM = "form"
    CREDENTIALS = "credentials"
    COUNTRY = "country"
    ELIGIBLE = "eligible"
    ATTESTED = "attested"
    DOMAIN = "domain"
    LOOK_ALIKE = "look_alike"
    FREE_MAIL = "free_mail"
    SUPERVISORS_AGENCY = "supervisors_agency"
    ACCOUNT = "account"
    PROVEN = "proven"


class CodePurpose(StrEnum):
    """What a code sent by mail opens."""

    STATUS = "STATUS"  # how an application stands
    APPLY = "APPLY"  # the form on the page, for the address that the code went to


SIX = (Check.SUBJECT, Check.ALONE, Check.SENDER, Check.SUPERVISOR, Check.FORM, Check.CREDENTIALS)
# What a letter may name. What the directory and the mail systems say stays in the house.
TOLD = tuple(check for check in Check if check not in {Check.DOMAIN, Check.LOOK_ALIKE, Check.PROVEN})
TITLES: dict[Check, str] = {
    Check.SUBJECT: "Subject line",
    Check.ALONE: "One application, one's own",
    Check.SENDER: "Sent from the agency address",
    Check.SUPERVISOR: "Supervisor copied",
    Check.FORM: "Form typed in all fields",
    Check.CREDENTIALS: "Credentials as a second file",
    Check.COUNTRY: "Agency's country",
    Check.ELIGIBLE: "Job role and kind of agency",
    Check.ATTESTED: "Declarations",
    Check.DOMAIN: "Agency's mail domain",
    Check.LOOK_ALIKE: "No look-alike domain",
    Check.FREE_MAIL: "No free mail service",
    Check.SUPERVISORS_AGENCY: "Supervisor of the same agency",
    Check.ACCOUNT: "No account yet",
    Check.PROVEN: "Sender proven by the mail systems",
}


def application_states() -> list[tuple[str, str]]:
    """Return the choices of the column; a callable, so that a new state writes no migration."""
    return [(each.value, each.value.capitalize()) for each in ApplicationState]


def code_purposes() -> list[tuple[str, str]]:
    """Return the choices of a code's purpose."""
    return [(each.value, each.value.capitalize()) for each in CodePurpose]
