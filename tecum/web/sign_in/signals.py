"""
Every signal allauth sends, and the event it becomes. This is the one file that may listen to signals: allauth says
what happened to second factors in no other way. A test lists signals that stand in neither table.
"""

from collections.abc import Callable
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from django.contrib.auth.signals import user_login_failed
from django.dispatch import Signal

from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.states import LockedStep, VisitEnd
from tecum.web.sign_in.middleware import VISIT


def password_refused(*, credentials: dict[str, Any], request: Any, **_: Any) -> None:
    """A password did not fit its user name."""
    person = people.id_of(str(credentials.get("email", "")))
    accounts.note_failure(step=LockedStep.PASSWORD, person=person, now=request.now)


def factor_refused(*, request: Any, user: Any, **_: Any) -> None:
    """A code or passkey did not fit."""
    accounts.note_failure(step=LockedStep.SECOND_FACTOR, person=user.pk, now=request.now)


def factor_used(*, request: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was proved: inside a visit that is a step-up; before it, the visit will say so itself."""
    if request.visit:
        accounts.step_up(visit=request.visit, factor=authenticator.type, now=request.now)
        request.session.cycle_key()  # who held the session's key before does not hold the stronger session


def factor_added(*, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was enrolled, and by that proved; recovery codes prove nothing."""
    _note("factor.added", request, user, authenticator)
    if authenticator.type != authenticator.Type.RECOVERY_CODES:
        accounts.step_up(visit=request.visit, factor=authenticator.type, now=request.now)
        request.session.cycle_key()


def factor_removed(*, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """A second factor was taken away."""
    _note("factor.removed", request, user, authenticator)


def factor_renewed(*, request: Any, user: Any, authenticator: Any, **_: Any) -> None:
    """Recovery codes were made afresh."""
    _note("factor.renewed", request, user, authenticator)


def signed_out(*, request: Any, **_: Any) -> None:
    """The session ended; its visit ends with it, unless something else ended it before."""
    visit = request.session.get(VISIT) if request else None
    if visit:
        accounts.end_visit(visit=visit, how=VisitEnd.SIGNED_OUT, now=request.now)


def _note(event: str, request: Any, user: Any, authenticator: Any) -> None:
    accounts.note_factor(
        person=user.pk, event=event, factor=authenticator.type, now=request.now, visit=request.visit
    )


LISTENERS: tuple[tuple[Signal, Callable[..., None]], ...] = (
    (user_login_failed, password_refused),
    (account.user_logged_out, signed_out),
    (mfa.authentication_failed, factor_refused),
    (mfa.authenticator_added, factor_added),
    (mfa.authenticator_removed, factor_removed),
    (mfa.authenticator_reset, factor_renewed),
    (mfa.authenticator_used, factor_used),
)
# Signals without a listener, and why none is needed.
SAID_ELSEWHERE: tuple[tuple[Signal, str], ...] = (
    (account.user_logged_in, "`AccountAdapter.login` opens the visit and its event"),
    (
        account.authentication_step_completed,
        "a step is no sign-in; failures and visits have events of their own",
    ),
    (account.password_set, "passwords are set by `accounts.operations` alone"),
    (account.password_changed, "passwords are changed by `accounts.operations` alone"),
    (account.password_reset, "allauth's reset pages have no address here"),
    (account.password_reset_code_rejected, "allauth's reset pages have no address here"),
    (account.user_signed_up, "sign-up is closed and has no address"),
    (account.email_confirmed, "allauth's mail addresses are not used"),
    (account.email_confirmation_sent, "allauth's mail addresses are not used"),
    (account.email_changed, "allauth's mail addresses are not used"),
    (account.email_added, "allauth's mail addresses are not used"),
    (account.email_removed, "allauth's mail addresses are not used"),
    (account.email_verification_code_rejected, "allauth's mail addresses are not used"),
    (account._add_email, "allauth's mail addresses are not used"),
    (account.login_code_rejected, "sign-in by mailed code is off"),
)


def listen() -> None:
    """Connect every listener; called once, when the app is ready."""
    for signal, listener in LISTENERS:
        signal.connect(listener, dispatch_uid=f"tecum.{listener.__name__}")
