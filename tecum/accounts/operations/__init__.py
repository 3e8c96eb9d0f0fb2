"""What can be done to people, their roles, links and visits: one function per verb."""

from tecum.accounts.operations.links import change_password, issue_link, reset_sign_in, use_link
from tecum.accounts.operations.people import change_person, create_person, end_role, grant_role
from tecum.accounts.operations.standing import (
    reinstate_person,
    stand,
    suspend_agency,
    suspend_customer,
    suspend_person,
)
from tecum.accounts.operations.tokens import issue_token
from tecum.accounts.operations.visits import (
    arrive,
    end_other_visits,
    end_run_out,
    end_visit,
    lock_out,
    note_factor,
    note_failure,
    open_visit,
    step_up,
)
from tecum.accounts.refusals import (
    AlreadySo,
    AlreadyThere,
    LinkNotGood,
    NoLongerHeld,
    NotAnAccount,
    NotOnOneself,
    NotThePassword,
    NotThisRole,
    PasswordTooWeak,
    PersonSuspended,
)

__all__ = [
    "AlreadySo",
    "AlreadyThere",
    "LinkNotGood",
    "NoLongerHeld",
    "NotAnAccount",
    "NotOnOneself",
    "NotThePassword",
    "NotThisRole",
    "PasswordTooWeak",
    "PersonSuspended",
    "arrive",
    "change_password",
    "change_person",
    "create_person",
    "end_other_visits",
    "end_run_out",
    "end_role",
    "end_visit",
    "grant_role",
    "issue_link",
    "issue_token",
    "lock_out",
    "note_factor",
    "note_failure",
    "open_visit",
    "reinstate_person",
    "reset_sign_in",
    "stand",
    "step_up",
    "suspend_agency",
    "suspend_customer",
    "suspend_person",
    "use_link",
]
