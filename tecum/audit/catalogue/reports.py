"""What the carrier tells about itself: reports derived from the trail, and the daily count behind one of them."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, Event, access, change

REPORTS: dict[str, Event] = {
    "report.asked": change("asked for the report {name} of {period}", report=ID, name=CODE, period=ID),
    "report.made": change(
        "made the report {name} of {period} from {entries} entries of the trail",
        report=ID, name=CODE, period=ID, content=HASH, entries=AMOUNT, size=AMOUNT, guide=ID,
    ),
    "report.stopped": change("could not make the report {name} of {period}", report=ID, name=CODE, period=ID),
    "report.check_asked": change("asked that report {report} be derived again from the trail", report=ID),
    "report.derived_again": change(
        "derived report {report} again from the trail, which agrees: {agrees}", report=ID, agrees=FLAG, content=HASH
    ),
    "report.certified": change("certified report {report} as an officer of the carrier", report=ID, content=HASH),
    "report.exported": access("took report {report} away as a file ({form})", report=ID, form=CODE),
    "coverage.counted": change(
        "counted {numbers} numbers, {consented} of them under a consent",
        version=AMOUNT, numbers=AMOUNT, consented=AMOUNT, customers=AMOUNT, consenting=AMOUNT,
    ),
}  # fmt: skip
