"""
What a receiving agency's filter will think of our messages: who signs, whether DNS says so, whether it all agrees.

Where DNS does not answer or says something else, the finding carries the record to publish, letter for letter.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from publicsuffixlist import PublicSuffixList

from tecum.guide.model.guide import Guide
from tecum.guide.model.mail import Signer
from tecum.notices.drivers import signing
from tecum.notices.rules import domain_of

_SUFFIXES = PublicSuffixList()


class NoAnswer(Exception):
    """DNS does not answer here."""


class Verdict(StrEnum):
    GOOD = "good"
    PUBLISH = "publish"
    MEND = "mend"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Record:
    """A DNS record to publish."""

    name: str
    text: str

    @property
    def line(self) -> str:
        """Return the record as a zone file has it: a long text in pieces of 255 characters."""
        pieces = [self.text[at : at + 255] for at in range(0, len(self.text), 255)]
        return f"{self.name}. IN TXT " + " ".join(f'"{piece}"' for piece in pieces)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at, about one domain."""

    domain: str
    about: str
    verdict: Verdict
    sentence: str
    record: Record | None = None


Ask = Callable[[str], Sequence[str]]


def examine(guide: Guide, *, keys: Path, ask: Ask) -> list[Finding]:
    """
    Return what was found about every domain that we send from.

    `ask` returns the TXT records of a name, none where there are none, and raises NoAnswer where DNS does not answer.
    """
    found: list[Finding] = []
    for domain in sorted({domain_of(box.address) for box in guide.mailboxes}):
        signer = guide.mail.signer(domain)
        found += [
            _dkim(domain, signer, keys, ask),
            _spf(domain, guide, ask),
            _alignment(domain, signer, guide),
            _dmarc(domain, ask),
        ]
    return found


def _dkim(domain: str, signer: Signer | None, keys: Path, ask: Ask) -> Finding:
    if signer is None:
        return Finding(
            domain, "DKIM", Verdict.MEND,
            "Nobody signs for this domain. Add it to `signers` in the guide's [mail], or let the next mail server sign.",
        )  # fmt: skip
    path = signing.key_file(keys, domain=signer.domain, selector=signer.selector)
    try:
        text = signing.record(signing.read_key(path))
    except signing.NoSigningKey as fault:
        return Finding(domain, "DKIM", Verdict.MEND, str(fault))
    record = Record(f"{signer.selector}._domainkey.{domain}", text)
    try:
        published = [_bare(each) for each in ask(record.name)]
    except NoAnswer:
        return Finding(
            domain, "DKIM", Verdict.UNKNOWN, "DNS does not answer here; this must be published:", record
        )
    if _bare(text) in published:
        return Finding(domain, "DKIM", Verdict.GOOD, "The key that signs is the key that is published.")
    said = "Another key is published under this name" if published else "The key is not published"
    return Finding(
        domain, "DKIM", Verdict.PUBLISH, f"{said}; filters will refuse the signature. Publish:", record
    )


def _spf(domain: str, guide: Guide, ask: Ask) -> Finding:
    home = _bounce_domain(domain, guide)
    wanted = guide.mail.servers
    record = Record(home, " ".join(["v=spf1", *wanted, "-all"]))
    if not wanted:
        return Finding(
            domain, "SPF", Verdict.MEND, "The guide's [mail] does not say which servers send (`servers`)."
        )
    try:
        published = [each for each in ask(home) if each.lower().startswith("v=spf1")]
    except NoAnswer:
        return Finding(
            domain, "SPF", Verdict.UNKNOWN, "DNS does not answer here; this must be published:", record
        )
    if len(published) > 1:
        return Finding(
            domain, "SPF", Verdict.PUBLISH, "More than one SPF record counts as none. Leave only:", record
        )
    missing = [word for word in wanted if not published or word not in published[0].split()]
    if missing:
        return Finding(
            domain, "SPF", Verdict.PUBLISH, f"It does not name {' '.join(missing)}. Publish:", record
        )
    return Finding(domain, "SPF", Verdict.GOOD, f"The record of {home} names every server that sends.")


def _alignment(domain: str, signer: Signer | None, guide: Guide) -> Finding:
    """Judge as DMARC does: the From domain must be the signature's or the return path's, up to the registrable part."""
    home = _bounce_domain(domain, guide)
    by_spf = _registrable(home) == _registrable(domain)
    if signer is None and not by_spf:
        sentence = f"From says {domain}, messages come back to {home}, and nobody signs: DMARC fails."
        return Finding(domain, "Alignment", Verdict.MEND, sentence)
    if signer is None:
        sentence = (
            "Automatic answers have no return path: only a DKIM signature can prove them, and there is none."
        )
        return Finding(domain, "Alignment", Verdict.MEND, sentence)
    both = "and by the return path" if by_spf else f"only; the return path {home} is another domain"
    return Finding(domain, "Alignment", Verdict.GOOD, f"From {domain} is proven by the signature {both}.")


def _dmarc(domain: str, ask: Ask) -> Finding:
    record = Record(f"_dmarc.{domain}", "v=DMARC1; p=quarantine; adkim=r; aspf=r")
    try:
        found = [*ask(record.name), *(ask(f"_dmarc.{_registrable(domain)}"))]
    except NoAnswer:
        return Finding(
            domain, "DMARC", Verdict.UNKNOWN, "DNS does not answer here; this should be published:", record
        )
    if any(each.lower().startswith("v=dmarc1") for each in found):
        return Finding(domain, "DMARC", Verdict.GOOD, "A policy is published.")
    sentence = "No policy is published; large receivers want one. Publish at least:"
    return Finding(domain, "DMARC", Verdict.PUBLISH, sentence, record)


def _bounce_domain(domain: str, guide: Guide) -> str:
    return domain_of(guide.mail.bounces) if guide.mail.bounces else domain


def _registrable(domain: str) -> str:
    return str(_SUFFIXES.privatesuffix(domain) or domain)


def _bare(record: str) -> str:
    """Return a DKIM record without what does not count: white space, the order of nothing, an empty tail."""
    return "".join(record.split()).rstrip(";")
