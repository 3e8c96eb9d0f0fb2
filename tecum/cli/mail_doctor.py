"""`tecum mail doctor`: what a receiving agency's filter will think of our messages, and which records to publish."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import spf
from django.conf import settings

from tecum.config import clock
from tecum.notices.drivers import doctoring, signing
from tecum.notices.drivers.doctoring import Finding, NoAnswer, Verdict
from tecum.policy import queries as policy

PATIENCE = 5  # seconds for each question to DNS
SIGNS = {
    Verdict.GOOD: "good   ",
    Verdict.PUBLISH: "PUBLISH",
    Verdict.MEND: "MEND   ",
    Verdict.UNKNOWN: "ASK DNS",
}


def register(verbs: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the verb to the parser."""
    doctor = verbs.add_parser(
        "doctor", help="what a receiver's filter will think: DKIM, SPF, DMARC, alignment"
    )
    doctor.add_argument(
        "--make-keys",
        action="store_true",
        help="make the signing keys that the guide wants and this machine lacks",
    )
    doctor.add_argument("--no-dns", action="store_true", help="ask nobody; print the records to publish")
    doctor.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Print what was found; 0 when a filter will find nothing wrong, 1 when there is something to do or to ask."""
    guide = policy.at(clock.now())
    keys = Path(settings.TECUM_SECRETS) / "dkim"
    if options.make_keys:
        for signer in guide.mail.signers:
            path = signing.key_file(keys, domain=signer.domain, selector=signer.selector)
            if not path.exists():
                signing.make_key(path)
                sys.stdout.write(f"made    {path}\n")
    found = doctoring.examine(guide, keys=keys, ask=_nobody if options.no_dns else _dns)
    for finding in found:
        _show(finding)
    return 0 if all(finding.verdict is Verdict.GOOD for finding in found) else 1


def _show(finding: Finding) -> None:
    sys.stdout.write(f"{SIGNS[finding.verdict]} {finding.domain}  {finding.about}: {finding.sentence}\n")
    if finding.record is not None:
        sys.stdout.write(f"        {finding.record.line}\n")


def _dns(name: str) -> Sequence[str]:
    """Return the TXT records of a name."""
    try:
        answers = spf.DNSLookup(name, "TXT", timeout=PATIENCE)
    except Exception as fault:  # pyspf, dnspython and the system's resolver each have their own
        if type(fault).__name__ in {"NXDOMAIN", "NoAnswer"}:
            return ()
        raise NoAnswer from None
    return [_text(value) for (_, kind), value in answers if kind == "TXT"]


def _nobody(_name: str) -> Sequence[str]:
    raise NoAnswer


def _text(value: object) -> str:
    parts = value if isinstance(value, (tuple, list)) else (value,)
    return b"".join(part if isinstance(part, bytes) else str(part).encode() for part in parts).decode(
        "utf-8", "replace"
    )
