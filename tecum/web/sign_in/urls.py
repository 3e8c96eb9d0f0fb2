"""The addresses of signing in. The names are those allauth asks for; its own address lists are not included."""

from django.urls import path

from tecum.web.sign_in import account, programs, views, webhooks, welcome

urlpatterns = [
    path("sign-in/", views.sign_in, name="account_login"),
    path("sign-in/second-factor/", views.second_factor, name="mfa_authenticate"),
    path("sign-in/passkey/", views.passkey, name="mfa_login_webauthn"),
    path("sign-in/suspended/", views.suspended, name="account_inactive"),
    path("sign-in/again/", views.again, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", views.again_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("sign-in/again/password/", views.again_by_password, name="account_reauthenticate"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("set-password/<str:token>/", views.set_password, name="set_password"),
    path("prove-address/<str:token>/", views.prove_address, name="prove_address"),
    path("home/", account.home, name="home"),
    path("welcome/", welcome.welcome, name="welcome"),
    path("account/", account.account, name="mfa_index"),
    path("account/programs/", programs.programs, name="programs"),
    path("account/programs/token/", programs.take, name="token_take"),
    path("account/programs/end/", programs.end, name="token_end"),
    path("account/programs/webhooks/add/", webhooks.add, name="webhook_add"),
    path("account/programs/webhooks/<str:hook>/prove/", webhooks.prove, name="webhook_prove"),
    path("account/programs/webhooks/<str:hook>/end/", webhooks.end, name="webhook_end"),
    path("account/second-factor/", account.second_factor, name="second_factor"),
    path("account/sign-out-elsewhere/", account.sign_out_elsewhere, name="sign_out_elsewhere"),
    path("account/address/", account.own_address, name="own_address"),
    path("account/address/leave/", account.leave_address, name="leave_address"),
    path("account/password/", views.change_password, name="account_change_password"),
    path("account/authenticator/add/", account.add_code_app, name="mfa_activate_totp"),
    path("account/authenticator/remove/", account.remove_code_app, name="mfa_deactivate_totp"),
    path("account/passkeys/add/", account.add_passkey, name="mfa_add_webauthn"),
    path("account/passkeys/<int:pk>/remove/", account.remove_passkey, name="mfa_remove_webauthn"),
    path("account/passkeys/<int:pk>/rename/", account.rename_passkey, name="mfa_edit_webauthn"),
    path("account/recovery-codes/", account.recovery_codes, name="mfa_view_recovery_codes"),
    path("account/recovery-codes/new/", account.new_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/recovery-codes/file/", account.download_recovery_codes, name="mfa_download_recovery_codes"),
]
