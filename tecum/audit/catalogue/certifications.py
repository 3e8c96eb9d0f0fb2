"""What happens to the records of interceptions and to reports of compromise (47 CFR 1.20003, 1.20004)."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

CERTIFICATIONS: dict[str, Event] = {
    "certification.opened": change(
        "opened certification {certification}", certification=ID, surveillance=Maybe(ID), mismatch=Maybe(ID)
    ),
    "certification.run_entered": change(
        "entered a run of tap {tap} in certification {certification}", certification=ID, tap=ID, generation=AMOUNT
    ),
    "certification.follows": change(
        "certification {certification} follows what is so: {state}", certification=ID, content=HASH, state=CODE
    ),
    "certification.voided": change("certification {certification} is of no interception", certification=ID),
    "certification.reminded": change("told the desk that certification {certification} waits", certification=ID),
    "certification.shown": access("read certification {certification}", certification=ID, content=HASH),
    "certification.completed": change("wrote down what certification {certification} lacked", certification=ID),
    "certification.taken_over": change(
        "took certification {certification} over", certification=ID, first=FLAG
    ),
    "certification.signed": change(
        "signed sheet {ordinal} of certification {certification}: {why}",
        certification=ID, ordinal=AMOUNT, content=HASH, file=ID, why=CODE, carrier=Maybe(HASH),
    ),
    "certification.taken": access(
        "took sheet {ordinal} of certification {certification}", certification=ID, ordinal=AMOUNT
    ),
    "certification.unbalanced": change(
        "records and switches differ: {missing} missing, {surplus} surplus", missing=AMOUNT, surplus=AMOUNT
    ),
    "compromise.recorded": change(
        "put a compromise on record: {kind}", report=ID, kind=CODE, surveillance=Maybe(ID), discovered=WHEN
    ),
    "compromise.told": change("wrote down that agencies were told: {how}", report=ID, how=CODE, late=FLAG),
    "compromise.reminded": change("told the desk that agencies are not told of {report}", report=ID),
}  # fmt: skip
