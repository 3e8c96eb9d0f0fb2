"""allauth's hooks around signing in, translated to our operations."""

from datetime import datetime
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from tecum.access.rules import good_for, stepped_up
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.states import LockedStep, VisitEnd
from tecum.kernel import words
from tecum.web import navigation
from tecum.web.requests import Asked
from tecum.web.shell import shell_of
from tecum.web.sign_in.middleware import VISIT

TOO_MANY = "too_many_login_attempts"
OPENED = "visit_opened"  # the session's key for the instant of signing in, seconds since 1970


def locked_sentence(request: HttpRequest, until: datetime) -> ValidationError:
    """Return what somebody is told who guessed too often; the same for known and unknown user names."""
    at = words.moment(until, shell_of(request).zone)
    return ValidationError(
        f"Too many wrong answers. Nothing more is looked at until {at}. A passkey still works.", code=TOO_MANY
    )


def guard(request: HttpRequest, *, login: str, step: LockedStep) -> None:
    """
    Refuse to look at a guess while its door is locked.

    :raises ValidationError: with the time from which it is looked at again
    """
    until = people.locked_until(login=login, step=step, now=cast("Asked", request).now)
    if until:
        raise locked_sentence(request, until)


def lock(request: HttpRequest, *, login: str, step: LockedStep) -> ValidationError:
    """Lock the door after too many guesses, and return what the person is told."""
    asked = cast("Asked", request)
    address = AccountAdapter(request).get_client_ip(request)
    return locked_sentence(request, accounts.lock_out(login=login, step=step, now=asked.now, address=address))


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Who may come in, and what is written when somebody does."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "This user name and password do not go together.",
        "incorrect_password": "That is not your password.",
        "incorrect_code": "That code is not right, or was used already.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up: an administrator creates the account of a vetted person."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count a guess at a password before it is looked at."""
        login = str(credentials.get("email", ""))
        guard(request, login=login, step=LockedStep.PASSWORD)
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            raise lock(request, login=login, step=LockedStep.PASSWORD) from None

    def pre_login(self, request: HttpRequest, user: Any, **more: Any) -> HttpResponse | None:
        """Turn away whom a suspension of person, agency or customer keeps out."""
        if not people.welcome(person=user.pk):
            return self.respond_user_inactive(request, user)
        return cast("HttpResponse | None", super().pre_login(request, user, **more))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Open the visit that the session stands for; the session's key was changed a moment before."""
        asked = cast("Asked", request)
        before = request.session.get(VISIT)
        factors = [
            record for record in get_authentication_records(request, user) if record["method"] == "mfa"
        ]
        super().login(request, user)
        if before:
            accounts.end_visit(visit=before, how=VisitEnd.SIGNED_OUT, now=asked.now)
        asked.visit = request.session[VISIT] = accounts.open_visit(
            person=user.pk,
            factor=factors[-1]["type"] if factors else "password",
            address=self.get_client_ip(request),
            now=asked.now,
        )
        request.session[OPENED] = asked.now.timestamp()

    def is_reauthentication_required(self, app: str = "") -> bool:
        """
        Ask again before the account is changed, unless a second factor was proved a moment ago.

        For the first second factor right after signing in there is nothing to ask but the password typed a moment ago.
        """
        asked = cast("Asked", self.request)
        if people.has_second_factor(person=str(asked.user.pk)):
            return not stepped_up(asked.actor, now=asked.now)
        opened = float(asked.session.get(OPENED, 0))
        return not 0 <= asked.now.timestamp() - opened < good_for(asked.actor).total_seconds()

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Offer the password only to somebody who has no second factor yet."""
        methods = cast("list[dict[str, Any]]", super().get_reauthentication_methods(user))
        if user.is_authenticated and people.has_second_factor(person=user.pk):
            return [method for method in methods if method["id"] != "reauthenticate"]
        return methods

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Lead a person to the page their work begins on."""
        asked = cast("Asked", request)
        arrival = accounts.arrive(visit=asked.visit, person=str(request.user.pk), now=asked.now)
        if arrival.must_enrol:
            return reverse("second_factor")
        if people.terms_due(by=arrival.actor, now=asked.now):
            return reverse("welcome")
        return navigation.home_of(arrival.actor) or reverse("mfa_index")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Lead to the sign-in page."""
        return reverse("account_login")

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:
        """Say that access is suspended, and whom to write to."""
        return HttpResponseRedirect(reverse("account_inactive"))

    def add_message(
        self, request: HttpRequest, level: int, *args: Any, message: str | None = None, **more: Any
    ) -> None:
        """Show what went wrong; allauth's congratulations are left out."""
        if level == messages.ERROR and message:
            messages.error(request, message)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send nothing: notices are sent by `notices` alone."""

    def send_notification_mail(self, *args: Any, **more: Any) -> None:
        """Send nothing: what happened is an event."""
