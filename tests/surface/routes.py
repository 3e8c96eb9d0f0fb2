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
    "public:file": {"GET": EVERYBODY},
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
    # the desk: applications, messages out, what is due
    "desk:applications": {"GET": "application.read"},
    "desk:application": {"GET": "application.read"},
    "desk:application_accept": {"GET": "application.decide", "POST": "application.decide"},
    "desk:application_return": {"GET": "application.decide", "POST": "application.decide"},
    "desk:application_refuse": {"GET": "application.decide", "POST": "application.decide"},
    "desk:application_take_back": {"GET": "application.decide", "POST": "application.decide"},
    "desk:application_link": {"GET": "application.decide", "POST": "application.decide"},
    "desk:application_file": {"GET": "mail.read"},
    "desk:outbox": {"GET": "notice.read"},
    "desk:notice": {"GET": "notice.read"},
    "desk:notice_again": {"GET": "notice.resend", "POST": "notice.resend"},
    "desk:due": {"GET": "deadline.read"},
    "desk:due_revive": {"GET": "deadline.revive", "POST": "deadline.revive"},
    # the desk: people
    "desk:people": {"GET": "person.read"},
    "desk:person_create": {"GET": "person.create", "POST": "person.create"},
    "desk:person": {"GET": "person.read"},
    "desk:person_change": {"GET": "person.change", "POST": "person.change"},
    "desk:person_link": {"GET": "person.link", "POST": "person.link"},
    "desk:person_suspend": {"GET": "person.suspend", "POST": "person.suspend"},
    "desk:person_reinstate": {"GET": "person.reinstate", "POST": "person.reinstate"},
    "desk:person_reset": {"GET": "person.reset", "POST": "person.reset"},
    "desk:person_grant": {"GET": "role.grant|role.grant_staff", "POST": "role.grant|role.grant_staff"},
    "desk:person_end_role": {"GET": "role.grant|role.grant_staff", "POST": "role.grant|role.grant_staff"},
    # the desk: agencies
    "desk:agencies": {"GET": "agency.read"},
    "desk:agency_create": {"GET": "agency.create", "POST": "agency.create"},
    "desk:agency": {"GET": "agency.read"},
    "desk:agency_change": {"GET": "agency.change", "POST": "agency.change"},
    "desk:agency_add_domain": {"GET": "agency.change", "POST": "agency.change"},
    "desk:agency_remove_domain": {"GET": "agency.change", "POST": "agency.change"},
    "desk:call_back_propose": {"GET": "agency.call_back", "POST": "agency.call_back"},
    "desk:call_back_confirm": {"GET": "agency.call_back", "POST": "agency.call_back"},
    "desk:call_back_strike": {"GET": "agency.call_back", "POST": "agency.call_back"},
    "desk:agency_suspend": {"GET": "agency.suspend", "POST": "agency.suspend"},
    "desk:agency_reinstate": {"GET": "agency.reinstate", "POST": "agency.reinstate"},
    # the desk: customers and consents
    "desk:customers": {"GET": "customer.read"},
    "desk:customer_create": {"GET": "customer.create", "POST": "customer.create"},
    "desk:customer": {"GET": "customer.read"},
    "desk:customer_suspend": {"GET": "customer.change", "POST": "customer.change"},
    "desk:customer_reinstate": {"GET": "customer.change", "POST": "customer.change"},
    "desk:card_confirm": {"GET": "card.confirm", "POST": "card.confirm"},
    "desk:card_approve": {"GET": "card.approve", "POST": "card.approve"},
    "desk:card_refuse": {"GET": "card.approve", "POST": "card.approve"},
    "desk:consent_record": {"GET": "consent.record", "POST": "consent.record"},
    "desk:consent_withdraw": {"GET": "consent.withdraw_for", "POST": "consent.withdraw_for"},
    "desk:campaign_note": {"GET": "consent.campaign", "POST": "consent.campaign"},
    "desk:consents": {"GET": "consent.read"},
    "desk:consent_document": {"GET": "consent.read"},
    # a wholesale customer's own area
    "customer:company": {"GET": "card.read_own"},
    "customer:card": {"GET": "card.propose", "POST": "card.propose"},
    "customer:give": {"GET": "consent.give", "POST": "consent.give"},
    "customer:withdraw": {"GET": "consent.withdraw", "POST": "consent.withdraw"},
    "customer:document": {"GET": "consent.read_own"},
    # programs: a personal token decides, behind the gate of pages
    "api-v1:ask": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:again": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:api-root": {"GET": EVERYBODY, "POST": EVERYBODY},
    "api-v1:openapi-json": {"GET": EVERYBODY, "POST": EVERYBODY},
}
