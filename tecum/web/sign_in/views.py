"""The pages of signing in: password, second factor, passkey, once more, and the link that sets a password."""

from typing import Any, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.account.views import AccountInactiveView, LoginView, LogoutView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import LoginWebAuthnView, ReauthenticateWebAuthnView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.policy import queries as policy
from tecum.web.gates import EVERYBODY, OWN, opens
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.sign_in import forms
from tecum.web.sign_in.adapters import AccountAdapter
from tecum.web.sign_in.middleware import ENDED

WHY_ENDED = {
    "idle": "You were signed out because nothing was asked for {idle}. Sign in to go on.",
    "too_long": "You were signed out because a visit lasts {absolute} at most. Sign in to go on.",
    "elsewhere": "You signed in at another place, and an account is signed in at one place only. If that was not you, "
    "tell the portal administrator at once.",
    "suspended": "Your access is suspended. Write to the portal administrator.",
    "credentials_changed": "You were signed out because your password or second factor changed.",
    "roles_changed": "You were signed out because your roles changed.",
    "restored": "You were signed out because this installation was put back from a copy.",
}


class SignIn(LoginView):  # type: ignore[misc]
    """User name and password, or a passkey."""

    form_class = forms.SignIn
    template_name = "sign_in/sign_in.html"

    def get_form_class(self) -> type[forms.SignIn]:
        """Return our form."""
        return forms.SignIn

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Add why the last visit ended, said once."""
        ended = WHY_ENDED.get(self.request.session.pop(ENDED, ""), "")
        sessions = policy.at(cast("Asked", self.request).now).sessions
        said = ended.format(idle=sessions.idle, absolute=sessions.absolute)
        return {**super().get_context_data(**more), "title": "Sign in", "ended": said}


class SecondFactor(AuthenticateView):  # type: ignore[misc]
    """A code or passkey after the password."""

    template_name = "sign_in/second_factor.html"

    def get_form_class(self) -> type[forms.SecondFactor]:
        """Return our form."""
        return forms.SecondFactor

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Say which factors the person has."""
        kinds = {factor.kind for factor in people.factors(person=self.stage.login.user.pk)}
        return {**super().get_context_data(**more), "title": "Second factor", "kinds": kinds}


class Again(ReauthenticateByCodeView):  # type: ignore[misc]
    """A code once more, before an act that needs it fresh."""

    template_name = "sign_in/again.html"

    def get_form_class(self) -> type[forms.SecondFactorAgain]:
        """Return our form."""
        return forms.SecondFactorAgain

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Offer the passkey beside the code."""
        kinds = {factor.kind for factor in people.factors(person=self.request.user.pk)}
        data = {**super().get_context_data(**more), "title": "Confirm that it is you", "kinds": kinds}
        if "webauthn" in kinds:
            data["js_data"] = {"request_options": passkeys.begin_authentication(self.request.user)}
        return data


class AgainByPasskey(ReauthenticateWebAuthnView):  # type: ignore[misc]
    """A passkey once more; the page itself is that of the code."""

    def get(self, request: HttpRequest, *args: Any, **more: Any) -> HttpResponse:
        """Lead to the page that offers both."""
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say that the passkey did not fit, on the page that offers both."""
        messages.error(self.request, "That passkey was not accepted. Nothing was done.")
        return redirect(self.passthrough_next_url(reverse("mfa_reauthenticate")))


class AgainByPassword(ReauthenticateView):  # type: ignore[misc]
    """The password once more, for somebody who has no second factor yet."""

    template_name = "sign_in/again.html"

    def get_form_class(self) -> type[forms.PasswordAgain]:
        """Return our form."""
        return forms.PasswordAgain

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Confirm that it is you", "kinds": {"password"}}


class SignOut(LogoutView):  # type: ignore[misc]
    """Leave; the page behind the button for those who come by address."""

    template_name = "sign_in/sign_out.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Sign out"}


class Suspended(AccountInactiveView):  # type: ignore[misc]
    """Access is suspended."""

    template_name = "sign_in/suspended.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Access suspended"}


sign_in = opens(read=EVERYBODY, write=EVERYBODY)(SignIn.as_view())
second_factor = opens(read=EVERYBODY, write=EVERYBODY)(SecondFactor.as_view())
passkey = opens(read=EVERYBODY, write=EVERYBODY)(LoginWebAuthnView.as_view())
sign_out = opens(read=EVERYBODY, write=EVERYBODY)(SignOut.as_view())
suspended = opens(read=EVERYBODY)(Suspended.as_view())
again = opens(read=OWN, write=OWN)(Again.as_view())
again_by_passkey = opens(read=OWN, write=OWN)(AgainByPasskey.as_view())
again_by_password = opens(read=OWN, write=OWN)(AgainByPassword.as_view())


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def set_password(request: Asked, token: str) -> HttpResponse:
    """
    Show the form of a link (GET changes nothing: mail scanners follow links, decision A6), set the password (POST).
    """
    form = forms.NewPassword(request.POST if request.method == "POST" else None)
    good = people.link_good(token=token, now=request.now)
    if request.method == "POST" and (form.is_valid() or not good):
        try:
            accounts.use_link(
                token=token, password=form.cleaned_data.get("password", ""), by=request.actor, now=request.now
            )
        except accounts.PasswordTooWeak as weak:
            form.add_error("password", str(weak))
        except accounts.LinkNotGood:
            good = False
        else:
            messages.success(
                request, "Your password is set. Sign in with it; you will then add a second factor."
            )
            return redirect("account_login")
    page = {"form": form, "good": good, "title": "Set your password"}
    answer = render(request, "sign_in/set_password.html", page, status=200 if good else 410)
    answer["Referrer-Policy"] = "same-origin"  # with no-referrer a browser posts from nowhere, and is refused
    return answer


@opens(read=EVERYBODY, write=EVERYBODY)
@never_cache
def prove_address(request: Asked, token: str) -> HttpResponse:
    """Prove an address by the link sent to it; opening the page changes nothing (mail scanners follow links, A6)."""
    good = people.proof_good(token=token, now=request.now)
    if request.method == "POST":
        try:
            after = accounts.prove_address(token=token, by=request.actor, now=request.now)
        except accounts.LinkNotGood:
            good = False
        else:
            if people.proof_waiting(person=after.id, now=request.now):
                messages.info(
                    request, "Confirmed here. The link that went to the other address is still to be used."
                )
            else:
                messages.success(request, f"Your user name is now {after.email}. Sign in with it.")
            return redirect("account_login")
    context = {
        "good": good,
        "title": "Prove an address",
        "to": people.proof_gives(token=token, now=request.now),
    }
    answer = render(request, "sign_in/prove_address.html", context, status=200 if good else 410)
    answer["Referrer-Policy"] = "same-origin"  # with no-referrer a browser posts from nowhere, and is refused
    return answer


@opens(read=OWN, write=OWN)
@never_cache
def change_password(request: Asked) -> HttpResponse:
    """Change the own password, after a fresh second factor."""
    if is_reauthentication_required(request, app="account"):
        # Led away without keeping what was typed: allauth's own way would store the password in the session.
        first = AccountAdapter(request).get_reauthentication_methods(request.user)[0]["url"]
        return redirect(f"{first}?{urlencode({'next': request.path})}")
    form = forms.ChangedPassword(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.change_password(
                current=form.cleaned_data["current"],
                password=form.cleaned_data["password"],
                by=request.actor,
                now=request.now,
            )
        except accounts.NotThePassword as wrong:
            remember(request, type(wrong).__name__)
            form.add_error("current", str(wrong))
        except accounts.PasswordTooWeak as weak:
            form.add_error("password", str(weak))
        else:
            messages.success(request, "Your password is changed. Sign in with it.")
            return redirect("account_login")
    return render(request, "account_pages/password.html", {"form": form, "title": "Change your password"})
