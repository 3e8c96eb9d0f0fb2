"""The forms of signing in: allauth's, in our words and behind our locks."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.core import context
from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.core.cache import cache
from django.core.exceptions import ValidationError

from tecum.accounts.states import LockedStep
from tecum.web.sign_in.adapters import TOO_MANY, guard, lock

CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "class": "mono", "maxlength": "12"}
CODE_LABEL = "Six-digit code from your authenticator"
CODE_HELP = "Or one of your recovery codes, each good once."


class SignIn(LoginForm):  # type: ignore[misc]
    """User name and password."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        login, password = self.fields["login"], self.fields["password"]
        login.label, login.widget.attrs = "User name", {"autocomplete": "username", "autofocus": True}
        login.help_text = "Your agency e-mail address, as in your application."
        password.label, password.help_text = "Password", ""
        password.widget.attrs = {"autocomplete": "current-password"}


class PasswordAgain(ReauthenticateForm):  # type: ignore[misc]
    """The password, once more."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["password"].label = "Password"
        self.fields["password"].widget.attrs = {"autocomplete": "current-password"}


class _Code(forms.Form):
    """A code that is looked at only while the door is not locked, and accepted once."""

    user: Any

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        code = self.fields["code"]
        code.label, code.help_text, code.widget.attrs = CODE_LABEL, CODE_HELP, {**CODE, "autofocus": True}

    def clean_code(self) -> str:
        """
        Check a code.

        allauth forgets a used code after one period; with a tolerance it would be good for two more (RFC 6238, 5.2).
        """
        guard(context.request, login=self.user.email, step=LockedStep.SECOND_FACTOR)
        periods = 2 * app_settings.TOTP_TOLERANCE + 1
        code = "".join(str(self.cleaned_data["code"]).split())
        self.cleaned_data["code"] = code
        fresh = cache.add(
            f"tecum.code:{self.user.pk}:{code}", "y", timeout=periods * app_settings.TOTP_PERIOD
        )
        try:
            checked = str(super().clean_code())  # type: ignore[misc]
        except ValidationError as refusal:
            if refusal.code == TOO_MANY:
                raise lock(context.request, login=self.user.email, step=LockedStep.SECOND_FACTOR) from None
            raise
        if not fresh:
            raise ValidationError("That code was used already. Wait for the next one.")
        return checked


class SecondFactor(_Code, AuthenticateForm):  # type: ignore[misc]
    """A code at sign-in."""


class SecondFactorAgain(_Code, ReauthenticateByCodeForm):  # type: ignore[misc]
    """A code before an act that needs a fresh second factor."""


class AddCodeApp(ActivateTOTPForm):  # type: ignore[misc]
    """The first code of an authenticator app."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        code = self.fields["code"]
        code.label, code.widget.attrs = "Code that the app shows now", CODE


class AddPasskey(AddWebAuthnForm):  # type: ignore[misc]
    """A new passkey: always one that proves the person too, so that it can stand alone."""

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        del self.fields["passwordless"]
        name = self.fields["name"]
        name.label, name.help_text, name.required = (
            "Name",
            "So that you recognise it: the device it lives on.",
            True,
        )
        name.max_length = 60

    def clean(self) -> dict[str, Any]:
        """Require that the device checked the person (fingerprint, face or PIN)."""
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class NewPassword(forms.Form):
    """A password, typed twice; what makes one good is decided by the operation."""

    password = forms.CharField(
        label="New password",
        help_text="At least 12 characters, not one of the common ones, not close to your name.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )
    again = forms.CharField(
        label="The same again",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=200,
    )

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        given = super().clean() or {}
        if given.get("password") and given.get("again") and given["password"] != given["again"]:
            self.add_error("again", "The two passwords differ.")
        return given


class OwnAddress(forms.Form):
    """Another address of one's own; which may be it is decided by the operation."""

    address = forms.EmailField(
        label="New address",
        help_text="Your own, in a mail domain that is verified for your agency.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        max_length=254,
    )


class ChangedPassword(NewPassword):
    """The current password and a new one."""

    current = forms.CharField(
        label="Current password",
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=200,
    )

    field_order = ("current",)
