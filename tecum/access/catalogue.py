"""Every permission and every role, as data (poster, rule 7)."""

PERMISSIONS: dict[str, str] = {
    "lookup.run": "Look up which service provider serves a number",
}

ROLES: dict[str, frozenset[str]] = {
    "le_user": frozenset({"lookup.run"}),
}
