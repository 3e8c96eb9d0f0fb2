"""What happens to a case, whatever its kind, and to the legal process received in it."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

CASES: dict[str, Event] = {
    # cases
    "case.opened": change(
        "opened {kind} case {case}",
        case=ID,
        kind=CODE,
        channel=CODE,
        agency=Maybe(ID),
        received=Maybe(WHEN),
    ),
    "case.shown": access("read case {case}", case=ID),
    "case.document_taken": access(
        "took document {document} of case {case}, {form}", case=ID, document=ID, form=CODE
    ),
    "case.assigned": change("gave case {case} to {owner}", case=ID, owner=Maybe(ID)),
    "case.kind_changed": change("found case {case} to be of kind {kind}", case=ID, was=CODE, kind=CODE),
    "case.contact_changed": change("wrote down who stands behind case {case}", case=ID, agency=Maybe(ID)),
    "case.closed": change("closed case {case}: {outcome}", case=ID, outcome=CODE),
    "case.reopened": change("opened case {case} again", case=ID),
    "case.hold_placed": change("approved a legal hold on case {case}", case=ID, placed_by=ID),
    "case.hold_ended": change("ended the legal hold on case {case}", case=ID),
    "case.sealed": change("sealed case {case}", case=ID, people=AMOUNT),
    "case.unsealed": change("unsealed case {case}", case=ID),
    "case.person_added": change("put {person} on the list of case {case}", case=ID, person=ID),
    "case.person_removed": change("took {person} off the list of case {case}", case=ID, person=ID),
    "case.noted": change("wrote a note in case {case}", case=ID, note=ID),
    "case.target_added": change(
        "added target {target} to case {case}", case=ID, target=ID, product=Maybe(CODE)
    ),
    "case.target_changed": change("corrected target {target} of case {case}", case=ID, target=ID),
    "case.target_turned": change(
        "turned target {target} of case {case} from {was} to {state}",
        case=ID,
        target=ID,
        was=CODE,
        state=CODE,
    ),
    "case.document_added": change(
        "put document {document} into case {case} ({role})", case=ID, document=ID, role=CODE, content=HASH
    ),
    "case.gate_opened": change("asked for {gate} in case {case}", case=ID, gate=CODE),
    "case.gate_closed": change("found {gate} given in case {case}", case=ID, gate=CODE, evidence=Maybe(ID)),
    "case.gate_waived": change("waived {gate} in case {case}", case=ID, gate=CODE),
    "case.gate_denied": change("found {gate} refused in case {case}", case=ID, gate=CODE, evidence=Maybe(ID)),
    "case.quote_offered": change(
        "offered quote {quote} in case {case}", case=ID, quote=ID, content=HASH, until=Maybe(WHEN)
    ),
    "case.quote_settled": change(
        "settled quote {quote} of case {case}: {state}, {how}",
        case=ID,
        quote=ID,
        state=CODE,
        how=CODE,
        evidence=Maybe(ID),
    ),
    "case.billable": change(
        "noted what can be billed in case {case}: {quantity} {unit} of {fact}",
        case=ID,
        billable=ID,
        fact=CODE,
        quantity=AMOUNT,
        unit=CODE,
        happened=WHEN,
        version=ID,
        found=FLAG,
        target=Maybe(ID),
        cents=Maybe(AMOUNT),
        currency=Maybe(CODE),
        reason=Maybe(CODE),
        service=Maybe(CODE),
        type=Maybe(CODE),
        switch=Maybe(CODE),
        market=Maybe(CODE),
        authority=Maybe(ID),
        act=Maybe(ID),
    ),
    "case.clock_started": change(
        "started the clock {clock} of case {case}", case=ID, clock=CODE, due=Maybe(WHEN), rule=Maybe(CODE)
    ),
    "case.clock_paused": change("paused the clock {clock} of case {case}", case=ID, clock=CODE),
    "case.clock_resumed": change(
        "let the clock {clock} of case {case} run on", case=ID, clock=CODE, due=Maybe(WHEN)
    ),
    "case.clock_ended": change(
        "ended the clock {clock} of case {case}: {how}", case=ID, clock=CODE, how=CODE
    ),
    "case.reminded": change(
        "reminded whoever works on case {case} of its clock {clock}", case=ID, clock=CODE, due=WHEN
    ),
    "case.overdue": change("the clock {clock} of case {case} ran out", case=ID, clock=CODE),
    "case.message_joined": change(
        "joined a message to case {case}, sender {sender}", case=ID, entry=ID, message=Maybe(ID), sender=CODE
    ),
    "case.message_settled": change(
        "settled a message of case {case}: {finding}", case=ID, entry=ID, finding=CODE
    ),
    "case.message_sent": change("wrote to the agency in case {case}", case=ID, entry=ID, notice=Maybe(ID)),
    "case.linked": change("linked case {case} with {other}: {why}", case=ID, other=ID, why=CODE),
    "case.joined": change("joined case {case} to {other}, which it repeats", case=ID, other=ID),
    "case.parted": change("parted case {case} from {other} again", case=ID, other=ID),
    # process received
    "process.received": change(
        "took in legal process {received} in case {case}, by {channel}",
        received=ID,
        case=ID,
        channel=CODE,
        process=Maybe(CODE),
    ),
    "process.confirmed": change(
        "confirmed what process {received} says", received=ID, case=ID, process=Maybe(CODE)
    ),
    "process.answered": change("told the number of case {case}: {how}", received=ID, case=ID, how=CODE),
    "process.unanswered": change("could not tell the number of case {case} by itself", received=ID, case=ID),
    "process.papers_kept": change(
        "put {papers} papers of process {received} into its case",
        received=ID,
        case=ID,
        papers=AMOUNT,
        unread=AMOUNT,
    ),
    "process.deficient": change(
        "wrote what process {received} lacks: {codes}", received=ID, case=ID, codes=CODE
    ),
    "process.elsewhere": change("wrote that process {received} belongs to another", received=ID, case=ID),
    "process.not_honoured": change("wrote that process {received} is not acted on", received=ID, case=ID),
    "process.accepted": change("found process {received} sound", received=ID, case=ID, despite=Maybe(CODE)),
    "process.looked_again": change("looks at process {received} anew", received=ID, case=ID, was=CODE),
    "process.joined": change(
        "joined process {received} to {other}, which it repeats", received=ID, other=ID, signs=Maybe(CODE)
    ),
    "process.parted": change("parted process {received} from {other} again", received=ID, other=ID),
}
