"""Which address is which mailbox of the guide. Without Django."""

from collections.abc import Sequence

from tecum.guide.model.guide import Guide

BOUNCES = "bounces"  # no mailbox of the guide: where undeliverable messages come back to


def mailboxes_of(recipients: Sequence[str], guide: Guide) -> list[str]:
    """Return the ids of the guide's mailboxes that addresses belong to, each once, "" for an address that is none."""
    known = {box.address.lower(): box.id for box in guide.mailboxes}
    found = [_mailbox(address.lower(), known, guide) for address in recipients]
    return list(dict.fromkeys(found)) or [""]


def bounced_mark(address: str, guide: Guide) -> str | None:
    """Return what stands at `{id}` in an address that undeliverable messages come back to; None for any other."""
    head, mark, tail = guide.mail.bounces.lower().partition("{id}")
    if not mark or not (address.startswith(head) and address.endswith(tail)):
        return None
    return address[len(head) : len(address) - len(tail)]


def accepts(address: str, guide: Guide) -> bool:
    """Tell whether an address is of a domain of ours: whoever writes there is heard, if only to be told where (R-069)."""
    domain = address.rpartition("@")[2].lower()
    ours = {box.address.rpartition("@")[2].lower() for box in guide.mailboxes}
    return domain in ours or bounced_mark(address.lower(), guide) is not None


def _mailbox(address: str, known: dict[str, str], guide: Guide) -> str:
    if bounced_mark(address, guide) is not None:
        return BOUNCES
    local, _, domain = address.rpartition("@")
    return known.get(address) or known.get(f"{local.partition('+')[0]}@{domain}", "")
