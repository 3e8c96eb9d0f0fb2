"""Permissions and roles are data: documented, asked for by code, and kept apart as the sources keep them apart."""

import re
from pathlib import Path

import pytest

from tecum.access.catalogue import PERMISSIONS, ROLES, Side
from tecum.access.reference import as_markdown
from tecum.access.rules import conflict

ROOT = Path(__file__).resolve().parents[2]
CODE = [path for path in (ROOT / "tecum").rglob("*.py") if path.parent.name != "access"]
DIRECTORY = {"person.read", "agency.read", "customer.read", "consent.read"}


def test_the_page_about_permissions_is_what_the_catalogue_says():
    page = (ROOT / "docs" / "reference" / "permissions.md").read_text()

    assert page == as_markdown(), "run: python -m tecum people matrix > docs/reference/permissions.md"


@pytest.mark.parametrize("permission", PERMISSIONS)
def test_a_permission_is_asked_for_by_code(permission):
    asked = [path for path in CODE if re.search(rf'"{re.escape(permission)}"', path.read_text())]
    also = [role for role in ROLES.values() if role.granted_with == permission]

    assert asked or also, f"{permission} is in the catalogue and nobody asks for it"


@pytest.mark.parametrize("role", ROLES.values(), ids=lambda role: role.name)
def test_a_role_holds_permissions_that_exist_and_can_be_given(role):
    assert role.permissions <= set(PERMISSIONS)
    assert role.granted_with in PERMISSIONS
    assert any(role.granted_with in other.permissions for other in ROLES.values())


@pytest.mark.requirement("R-090")
def test_the_noc_sees_no_data_and_does_nothing_but_escalate():
    noc = ROLES["noc_escalation"]

    assert not [name for name in noc.permissions if PERMISSIONS[name].reveals]
    assert [name for name in noc.permissions if PERMISSIONS[name].writes] == ["oncall.escalate"]
    assert noc.alone


def test_the_auditor_reads_and_changes_nothing_and_holds_no_other_role():
    auditor = ROLES["auditor"]

    assert not [name for name in auditor.permissions if PERMISSIONS[name].writes]
    assert auditor.alone


def test_who_runs_the_machine_sees_nobodys_data():
    assert not [name for name in ROLES["system_administrator"].permissions if PERMISSIONS[name].reveals]


@pytest.mark.requirement("R-019")
def test_officers_and_customers_share_nothing_but_the_own_account():
    agency = {name for role in ROLES.values() if role.side is Side.AGENCY for name in role.permissions}
    customer = {name for role in ROLES.values() if role.side is Side.CUSTOMER for name in role.permissions}

    assert agency & customer == {"account.own"}


def test_neither_officers_nor_customers_see_the_directory():
    for role in ROLES.values():
        if role.side in (Side.AGENCY, Side.CUSTOMER):
            assert not role.permissions & DIRECTORY, role.name


def test_who_gives_staff_their_roles_cannot_look_numbers_up():
    for role in ROLES.values():
        if "role.grant_staff" in role.permissions:
            assert not role.permissions & {"lookup.run", "lookup.assist", "disclosure.read"}, role.name


@pytest.mark.parametrize(
    ("roles", "why"),
    [
        ({"le_user", "portal_administrator"}, "two parties"),
        ({"customer_contact", "le_user"}, "two parties"),
        ({"noc_escalation", "subpoena_analyst"}, "held alone"),
        ({"auditor", "billing"}, "held alone"),
        ({"subpoena_analyst", "billing"}, None),
    ],
)
def test_roles_that_do_not_go_together_say_why(roles, why):
    found = conflict(roles)

    assert (found is None) if why is None else why in (found or "")
