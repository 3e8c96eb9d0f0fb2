"""Who really sent a message, as far as the mail system in front of us or DNS can tell (RFC 8601, 7208, 6376, 7489)."""

import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import authres
import dkim
import spf
import structlog
from publicsuffixlist import PublicSuffixList

from tecum.inbox.facts import Authentication, Facts, Judged

log = structlog.get_logger()
QUIET = logging.getLogger("tecum.dkim")  # the library logs whose signature it was
QUIET.disabled = True
MOST_SIGNATURES = 3
SECONDS = 8  # for all questions to DNS about one message
HANDED_IN = re.compile(r"from (?P<name>[^\s()]+) \([^()\[\]]*\[(?:IPv6:)?(?P<address>[0-9a-fA-F.:]+)\]\)")
LARGEST = 30 << 20  # bytes of a message whose signature is computed here


@dataclass(frozen=True, slots=True)
class Policy:
    """
    Whom we believe. `authserv_id` names the mail system in front of us, which removes headers of that name from what
    comes from outside; `received` is how many Received headers of our own stand above its word; `ask` lets us look in
    DNS ourselves where it said nothing.
    """

    authserv_id: str = ""
    received: int = 1
    ask: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check of our own needs besides the message: the envelope's sender and who handed it in."""

    return_path: str = ""
    address: str = ""
    helo: str = ""


@dataclass(frozen=True, slots=True)
class Passed:
    """A check that passed or did not, and the domain it is about."""

    method: str
    result: str
    domain: str


def judge(facts: Facts, raw: bytes, *, policy: Policy, asked: Asked) -> Authentication:
    """Return what is known about the sender; never fails."""
    told = _told(facts.judged, policy)
    if told is not None:
        return _verdict(facts.sender.domain, told, by="border")
    if policy.ask:
        return _verdict(facts.sender.domain, _asked(raw, asked), by="dns")
    return Authentication()


def handed_in(received: Sequence[str], policy: Policy) -> tuple[str, str]:
    """Return who handed a message to the mail system in front of us, by its own topmost Received: address and name."""
    ours = received[policy.received - 1] if 0 < policy.received <= len(received) else ""
    found = HANDED_IN.match(ours)
    return (found["address"], found["name"].lower()) if found else ("", "")


def aligned(one: str, other: str) -> bool:
    """Tell whether two domains belong to one organisation (RFC 7489, 3.1: relaxed)."""
    return bool(one) and organisation(one) == organisation(other)


def organisation(domain: str) -> str:
    """Return the registered domain above a domain."""
    name = domain.strip(". ").lower()
    return str(_suffixes().privatesuffix(name) or name)


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def _told(judged: tuple[Judged, ...], policy: Policy) -> list[Passed] | None:
    """
    Return what our own mail system said, or None where it said nothing.

    Only the topmost header with its name is believed, and only above what came from outside: a stranger writes such
    headers too.
    """
    for header in judged:
        if not policy.authserv_id or header.received_above > policy.received:
            return None
        try:
            read = authres.AuthenticationResultsHeader.parse(f"Authentication-Results: {header.text}")
        except Exception:  # Microsoft's form has no name of the server: nobody's word
            log.info("mail.authentication_results_unread")
            continue
        if str(read.authserv_id).lower() == policy.authserv_id.lower():
            return [_passed(result) for result in read.results]
    return None


def _passed(result: Any) -> Passed:
    found = {f"{each.type}.{each.name}": str(each.value) for each in getattr(result, "properties", ())}
    domain = (
        found.get("header.d")
        or found.get("header.from")
        or found.get("smtp.mailfrom")
        or found.get("smtp.helo", "")
    )
    return Passed(str(result.method).lower(), str(result.result).lower(), domain.rpartition("@")[2].lower())


def _asked(raw: bytes, asked: Asked) -> list[Passed]:
    found = []
    domain = asked.return_path.rpartition("@")[2] or asked.helo
    if asked.address and domain:
        found.append(Passed("spf", _quiet(partial(_spf, asked)), domain.lower()))
    if len(raw) <= LARGEST:
        found += _dkim(raw)
    return found


def _spf(asked: Asked) -> str:
    result, _ = spf.check2(
        i=asked.address, s=asked.return_path, h=asked.helo or "unknown", timeout=SECONDS, querytime=SECONDS
    )
    return str(result)


def _dkim(raw: bytes) -> list[Passed]:
    found: list[Passed] = []
    try:
        check = dkim.DKIM(raw, logger=QUIET, timeout=SECONDS)
    except Exception:  # a message without any form
        return found
    for index in range(MOST_SIGNATURES):
        check.domain = None
        result = _quiet(partial(_signature, check, index))
        domain = bytes(check.domain or b"").decode("ascii", "replace").lower()
        if not domain:
            break
        found.append(Passed("dkim", result, domain))
    return found


def _signature(check: Any, index: int) -> str:
    try:
        return "pass" if check.verify(idx=index, dnsfunc=dkim.get_txt) else "fail"
    except dkim.ValidationError:
        return "fail"


def _quiet(check: Callable[[], str]) -> str:
    """Return what a library says, or that it could not say."""
    try:
        return check()
    except Exception as fault:  # hostile signatures, DNS that does not answer
        log.info("mail.authentication_failed", fault=type(fault).__name__)
        return "temperror"


def _verdict(sender: str, checks: list[Passed], *, by: str) -> Authentication:
    """Weigh the checks against the sender's domain."""
    best = {
        method: next((c.result for c in sorted(checks, key=_worth) if c.method == method), "none")
        for method in ("spf", "dkim", "dmarc")
    }
    passed = [
        check for check in checks if check.result == "pass" and check.method in {"spf", "dkim", "dmarc"}
    ]
    if any(aligned(sender, check.domain) for check in passed):
        verdict = "aligned"
    elif best["dmarc"] == "fail" or (best["spf"] == "fail" and best["dkim"] != "pass"):
        verdict = "failed"
    else:
        verdict = "unaligned" if passed else "none"
    domains = tuple(dict.fromkeys(check.domain for check in passed if check.domain))
    return Authentication(verdict, best["spf"], best["dkim"], by, domains[:5])


def _worth(check: Passed) -> bool:
    return check.result != "pass"
