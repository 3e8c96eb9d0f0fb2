"""What a production says, in and out of its matter's seal."""

import json
from dataclasses import asdict

from tecum.production.models import Handover, Production, ScopeInForce
from tecum.production.rules.facts import Inputs
from tecum.production.rules.views import Receivers
from tecum.records.rules.scope import Scope
from tecum.secrecy import operations as secrecy


def close(row: Production, what: str, text: str) -> bytes:
    """Return a text of a production under the seal of its matter, nothing for nothing."""
    if not text:
        return b""
    return secrecy.seal_bytes(text.encode(), matter=row.matter, about=f"production {row.pk} {what}")


def opened(row: Production, what: str) -> str:
    """Return a sealed column. :raises Destroyed: when its retention is over"""
    sealed = bytes(getattr(row, what))
    if not sealed:
        return ""
    return secrecy.read_bytes(sealed, matter=row.matter, about=f"production {row.pk} {what}").decode()


def inputs(row: Production) -> Inputs:
    """Return the frozen inputs."""
    return Inputs.parse(opened(row, "inputs"))


def scope(row: Production) -> Scope:
    """Return the scope it was prepared under."""
    return Scope.parse(opened(row, "scope"))


def receivers(row: Production, what: str) -> Receivers:
    """Return the receivers of a column, `wanted` or `receivers`."""
    text = opened(row, what)
    if not text:
        return Receivers()
    said = json.loads(text)
    return Receivers(tuple(said["people"]), said["address"])


def as_text(receivers: Receivers) -> str:
    """Return receivers as canonical text."""
    return json.dumps(asdict(receivers), sort_keys=True, separators=(",", ":"))


def close_scope(case: str, scope: Scope) -> bytes:
    """Return a case's scope under the seal of its matter."""
    return secrecy.seal_bytes(scope.json().encode(), matter=scope.matter, about=f"scope of {case}")


def scope_in_force(row: ScopeInForce) -> Scope:
    """Return the scope of a case that has one."""
    return Scope.parse(
        secrecy.read_bytes(bytes(row.text), matter=row.matter, about=f"scope of {row.case}").decode()
    )


def close_address(row: Handover, address: str) -> bytes:
    """Return an address under the seal of the production's matter."""
    return secrecy.seal_bytes(
        address.encode(), matter=row.production.matter, about=f"handover {row.pk} address"
    )


def address(row: Handover) -> str:
    """Return the address of a handing over, "" for an account."""
    if not row.address:
        return ""
    return secrecy.read_bytes(
        bytes(row.address), matter=row.production.matter, about=f"handover {row.pk} address"
    ).decode()
