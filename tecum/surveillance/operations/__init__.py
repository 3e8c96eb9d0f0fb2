"""What can be done to a surveillance: one function per verb."""

from tecum.surveillance.operations.deciding import NotAffirmed, approve, withdraw
from tecum.surveillance.operations.ending import (
    CannotEnd,
    CannotHold,
    end,
    expire,
    hold_cut,
    release_hold,
)
from tecum.surveillance.operations.proposing import (
    CannotActivate,
    CannotAuthorize,
    activate,
    add_switch,
    authorize,
    change_handset,
    extend,
    replace,
)
from tecum.surveillance.operations.rows import NoAuthority

__all__ = [
    "CannotActivate", "CannotAuthorize", "CannotEnd", "CannotHold", "NoAuthority", "NotAffirmed", "activate",
    "add_switch", "approve", "authorize", "change_handset", "end", "expire", "extend", "hold_cut", "release_hold",
    "replace", "withdraw",
]  # fmt: skip
