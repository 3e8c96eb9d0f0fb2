"""The role matrix as a page, made from the catalogue: docs/reference/permissions.md."""

from tecum.access.catalogue import PERMISSIONS, ROLES, Role, Side

SIDES = {
    Side.AGENCY: "Agencies",
    Side.CUSTOMER: "Customers",
    Side.CARRIER: "The carrier",
    Side.PARTNER: "Partner companies",
}
HEAD = """# Permissions and roles

Made from `tecum/access/catalogue.py` by `python -m tecum people matrix`; a test compares. Do not edit.

*Step-up*: only within minutes (the guide says how many) of a fresh second factor. *Reveals*: shows what belongs to a customer, a subscriber, a
case or an officer's question. A role marked *alone* is held without any other; nobody holds roles of two parties;
nobody gives themselves a role. A person without a proved second factor may do nothing but `account.own`.
"""


def as_markdown() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *_roles(), "", *_matrix()]) + "\n"


def _roles() -> list[str]:
    lines = ["## Roles"]
    for side, name in SIDES.items():
        lines += ["", f"### {name}", "", "| role | who | given with | held |", "|---|---|---|---|"]
        lines += [
            f"| {role.title} | {role.says} | `{role.granted_with}` | {_held(role)} |"
            for role in ROLES.values()
            if role.side is side
        ]
    return lines


def _held(role: Role) -> str:
    marks = [word for word, so in (("alone", role.alone), ("signed in at one place", role.one_session)) if so]
    return ", ".join(marks)


def _matrix() -> list[str]:
    lines = ["## Permissions", "", "| permission | may … | marks | roles |", "|---|---|---|---|"]
    for permission in PERMISSIONS.values():
        flags = (
            ("reveals", permission.reveals),
            ("writes", permission.writes),
            ("step-up", permission.step_up),
        )
        marks = ", ".join(word for word, so in flags if so)
        roles = ", ".join(role.title for role in ROLES.values() if permission.name in role.permissions) or "–"
        lines.append(f"| `{permission.name}` | {permission.says} | {marks} | {roles} |")
    return lines
