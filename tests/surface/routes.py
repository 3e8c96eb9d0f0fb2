"""
T7, the table by hand: every address, every method, and the permission that opens it.

It repeats what the pages say at themselves, on purpose: a change of one without the other is noticed.
"everybody" opens to strangers; a method that is not named is closed.
"""

EVERYBODY = "everybody"
OWN = "account.own"

ROUTES: dict[str, dict[str, str]] = {
    # public
    "public:start": {"GET": EVERYBODY},
    "public:serve": {"GET": EVERYBODY},
    "public:accessibility": {"GET": EVERYBODY},
    "public:privacy": {"GET": EVERYBODY},
    "public:security": {"GET": EVERYBODY},
    "public:security_txt": {"GET": EVERYBODY},
    # officers
    "portal:ask": {"GET": "lookup.run", "POST": "lookup.run"},
    "portal:answer": {"GET": "lookup.history"},
    "portal:export": {"GET": "lookup.history"},
    "portal:history": {"GET": "lookup.history"},
    # what several people watch
    "oversight:numbers": {"GET": "inventory.read"},
    "oversight:number_past": {"GET": "inventory.history", "POST": "inventory.history"},
    "oversight:disclosures": {"GET": "disclosure.read", "POST": "disclosure.read"},
    "oversight:look_ups": {"GET": "lookup.figures"},
    # the auditor
    "auditor:trail": {"GET": "trail.search"},
    "auditor:verify": {"POST": "trail.verify"},
    "auditor:bundle": {"GET": "trail.verify", "POST": "trail.verify"},
    "auditor:key": {"GET": "trail.verify"},
    "auditor:checkpoint": {"GET": "trail.verify"},
    "auditor:entry": {"GET": "trail.search"},
    "auditor:proof": {"GET": "trail.search"},
    # signing in
    "account_login": {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_authenticate": {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_login_webauthn": {"GET": EVERYBODY, "POST": EVERYBODY},
    "account_inactive": {"GET": EVERYBODY},
    "account_logout": {"GET": EVERYBODY, "POST": EVERYBODY},
    "set_password": {"GET": EVERYBODY, "POST": EVERYBODY},
    "mfa_reauthenticate": {"GET": OWN, "POST": OWN},
    "mfa_reauthenticate_webauthn": {"GET": OWN, "POST": OWN},
    "account_reauthenticate": {"GET": OWN, "POST": OWN},
    # the own account
    "home": {"GET": OWN},
    "mfa_index": {"GET": OWN},
    "second_factor": {"GET": OWN},
    "sign_out_elsewhere": {"POST": OWN},
    "account_change_password": {"GET": OWN, "POST": OWN},
    "mfa_activate_totp": {"GET": OWN, "POST": OWN},
    "mfa_deactivate_totp": {"GET": OWN, "POST": OWN},
    "mfa_add_webauthn": {"GET": OWN, "POST": OWN},
    "mfa_remove_webauthn": {"GET": OWN, "POST": OWN},
    "mfa_edit_webauthn": {"GET": OWN, "POST": OWN},
    "mfa_view_recovery_codes": {"GET": OWN},
    "mfa_generate_recovery_codes": {"GET": OWN, "POST": OWN},
    "mfa_download_recovery_codes": {"GET": OWN},
    # programs: a personal token decides, behind the gate of pages
    "api-v1:ask": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:again": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:api-root": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:openapi-json": {"GET": EVERYBODY, "POST": EVERYBODY},
}
