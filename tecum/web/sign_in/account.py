"""The pages of the own account: second factors, recovery codes, open visits."""

from typing import Any

from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.internal import auth as passkeys
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.views.decorators.cache import never_cache

from tecum.access.catalogue import ROLES
from tecum.accounts import operations as accounts
from tecum.accounts import queries as people
from tecum.accounts.states import VisitEnd
from tecum.agencies import queries as agencies
from tecum.kernel.refusals import Refused
from tecum.web import navigation
from tecum.web.gates import OWN, opens
from tecum.web.refusals import remember
from tecum.web.requests import Asked
from tecum.web.sign_in import forms, programs


@opens(read=OWN)
def home(request: Asked) -> HttpResponse:
    """Lead a person to the page their work begins on."""
    if not request.proved:
        return redirect("second_factor")
    if people.terms_due(by=request.actor, now=request.now):
        return redirect("welcome")
    return redirect(navigation.home_of(request.actor) or "mfa_index")


@opens(read=OWN)
@never_cache
def account(request: Asked) -> HttpResponse:
    """Show the own account: who one is to the portal, and how it is secured."""
    who = str(request.user.pk)
    person = people.person(id=who, by=request.actor, now=request.now)
    held = people.factors(person=who)
    page = {
        "title": "My account",
        "person": person,
        "roles": [ROLES[role].title for role in person.roles],
        "agency": agencies.names({person.agency}).get(person.agency, ""),
        "factors": [factor for factor in held if factor.kind != "recovery_codes"],
        "codes": next((factor for factor in held if factor.kind == "recovery_codes"), None),
        "change": people.own_change(by=request.actor, now=request.now),
        "may_change": request.actor.may("account.address"),
        "visits": people.visits(by=request.actor, visit=request.visit),
        "programs": programs.any_open(request),
        "has_app": any(factor.kind == "totp" for factor in held),
    }
    return render(request, "account_pages/account.html", page)


@opens(read=OWN)
@never_cache
def second_factor(request: Asked) -> HttpResponse:
    """Ask somebody who came in by password alone to add a second factor; nothing else is open before."""
    return render(request, "account_pages/second_factor.html", {"title": "Add a second factor"})


@opens(read="account.address", write="account.address")
@never_cache
def own_address(request: Asked) -> HttpResponse:
    """Ask for another address of one's own; a link goes to both ends."""
    form = forms.OwnAddress(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.ask_own_address(address=form.cleaned_data["address"], by=request.actor, now=request.now)
        except Refused as refusal:
            remember(request, type(refusal).__name__)
            form.add_error("address", str(refusal))
        else:
            messages.success(request, "Two links are on their way: open both and confirm.")
            return redirect("mfa_index")
    page = {
        "title": "Change your address",
        "form": form,
        "person": people.person(id=str(request.user.pk), by=request.actor, now=request.now),
        "change": people.own_change(by=request.actor, now=request.now),
    }
    return render(request, "account_pages/address.html", page, status=422 if form.is_bound else 200)


@opens(write=OWN)
def leave_address(request: Asked) -> HttpResponse:
    """Take a change of the own address back."""
    accounts.leave_address(by=request.actor, now=request.now)
    messages.success(request, "The links are void. Your address stays as it is.")
    return redirect("mfa_index")


@opens(write=OWN)
def sign_out_elsewhere(request: Asked) -> HttpResponse:
    """End all the own visits but this one."""
    accounts.end_other_visits(visit=request.visit, by=request.actor, how=VisitEnd.SIGNED_OUT, now=request.now)
    return redirect("mfa_index")


class AddCodeApp(ActivateTOTPView):  # type: ignore[misc]
    """Add an authenticator app: scan, then type what it shows."""

    template_name = "account_pages/code_app.html"

    def get_form_class(self) -> type[forms.AddCodeApp]:
        """Return our form."""
        return forms.AddCodeApp

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Add an authenticator app"}


class RemoveCodeApp(DeactivateTOTPView):  # type: ignore[misc]
    """Remove the authenticator app."""

    template_name = "account_pages/remove.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Say what goes."""
        return {
            **super().get_context_data(**more),
            "title": "Remove the authenticator app",
            "what": "the authenticator app",
        }


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Add a passkey that can also stand alone: kept on the device, checked by finger, face or PIN."""

    template_name = "account_pages/passkey.html"

    def get_form_class(self) -> type[forms.AddPasskey]:
        """Return our form."""
        return forms.AddPasskey

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Ask the browser for a resident, person-checking key."""
        data: dict[str, Any] = super().get_context_data(**more)
        data["form"] = data.get("form") or self.get_form()
        data["js_data"] = {"creation_options": passkeys.begin_registration(self.request.user, True)}
        return {**data, "title": "Add a passkey"}


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Remove a passkey."""

    template_name = "account_pages/remove.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Say what goes."""
        return {
            **super().get_context_data(**more),
            "title": "Remove a passkey",
            "what": f"the passkey “{self.object}”",
        }


class RenamePasskey(EditWebAuthnView):  # type: ignore[misc]
    """Give a passkey another name."""

    template_name = "account_pages/rename.html"
    success_url = reverse_lazy("mfa_index")

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Rename a passkey"}


class RecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]
    """Show the recovery codes, once."""

    template_name = "account_pages/recovery_codes.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page, and lead on to where the person was going."""
        return {**super().get_context_data(**more), "title": "Recovery codes", "onward": reverse("home")}


class NewRecoveryCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make recovery codes afresh; the old ones stop working."""

    template_name = "account_pages/new_recovery_codes.html"

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        """Name the page."""
        return {**super().get_context_data(**more), "title": "Make new recovery codes"}


add_code_app = opens(read=OWN, write=OWN)(never_cache(AddCodeApp.as_view()))
remove_code_app = opens(read=OWN, write=OWN)(never_cache(RemoveCodeApp.as_view()))
add_passkey = opens(read=OWN, write=OWN)(never_cache(AddPasskey.as_view()))
remove_passkey = opens(read=OWN, write=OWN)(never_cache(RemovePasskey.as_view()))
rename_passkey = opens(read=OWN, write=OWN)(never_cache(RenamePasskey.as_view()))
recovery_codes = opens(read=OWN)(never_cache(RecoveryCodes.as_view()))
new_recovery_codes = opens(read=OWN, write=OWN)(never_cache(NewRecoveryCodes.as_view()))
download_recovery_codes = opens(read=OWN)(never_cache(DownloadRecoveryCodesView.as_view()))
