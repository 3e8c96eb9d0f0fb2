"""What goes with a production, and how it is handed over."""

from dataclasses import dataclass

from tecum.guide.entries import Stated
from tecum.guide.fields import maybe
from tecum.guide.values import Span, Unit


@dataclass(frozen=True, kw_only=True)
class Productions(Stated):
    """`[productions]`: the papers of a production, and how long and how often it can be fetched."""

    certificate: str = maybe(
        "",
        "The custodian's certificate. Left out, no production with certified records can be made.",
        ref="wording",
    )
    custodian: str = maybe("Custodian of Records", "The title under which the certificate is given.")
    uncertified: str = maybe(
        "",
        "What is said of files that carry no certificate, beside the product's own disclaimer.",
        ref="wording",
    )
    no_records: str = maybe(
        "", "The letter that says that nothing was found, and what was searched.", ref="wording"
    )
    by_program: bool = maybe(
        False,
        "Whether a program may fetch what was handed to its person's account, with a token taken for that under a fresh "
        "second factor. Left out, only the page hands productions over.",
    )
    account_open: Span = maybe(
        Span(30, 30, Unit.DAY), "How long a vetted person can fetch a production.", example="30 days"
    )
    account_downloads: int = maybe(3, "How often.", unit="downloads")
    address_open: Span = maybe(
        Span(72, 72, Unit.HOUR), "How long a link by mail is good.", example="72 hours"
    )
    address_downloads: int = maybe(1, "How often.", unit="downloads")
    code_tries: int = maybe(5, "Wrong codes after which a link is void.", unit="tries")
