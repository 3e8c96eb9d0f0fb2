"""What happens to an emergency request: how it came, who called back, who decided, what followed."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

EMERGENCIES: dict[str, Event] = {
    "exigent.asked_on_page": change("somebody asked on the public page: {path}", path=CODE),
    "exigent.received": change(
        "took in emergency request {request} of case {case} by {channel}",
        request=ID, case=ID, path=CODE, channel=CODE, targets=AMOUNT, written=FLAG,
    ),
    "exigent.turned": change("turned emergency request {request} from {was} to {state}", request=ID, was=CODE, state=CODE),
    "exigent.corrected": change(
        "wrote down what emergency request {request} says", request=ID, path=CODE, targets=AMOUNT
    ),
    "exigent.written_in": change(
        "found the written request of {request} to be in (R-096)", request=ID, document=ID
    ),
    "exigent.repeated": change("found that emergency request {request} repeats {other}", request=ID, other=ID),
    "exigent.was_ordinary": change("found that emergency request {request} is a {kind}", request=ID, kind=CODE),
    "exigent.source_found": change(
        "found a number for emergency request {request} in a public source", request=ID, source=ID
    ),
    "exigent.called_back": change(
        "called back about emergency request {request}: {outcome}",
        request=ID, call=ID, outcome=CODE, entry=Maybe(ID), fresh=FLAG, sources=AMOUNT,
    ),
    "exigent.proposed": change(
        "proposed to {act} for emergency request {request}", request=ID, decision=ID, act=CODE, content=HASH, call=ID
    ),
    "exigent.approved": change(
        "approved to {act} for emergency request {request}",
        request=ID, decision=ID, act=CODE, content=HASH, call=ID, alone=FLAG,
    ),
    "exigent.decided_alone": change(
        "decided alone, for a life, about emergency request {request}; another confirms it by {until}",
        request=ID, decision=ID, until=WHEN,
    ),
    "exigent.confirmed": change(
        "looked at what one person decided alone about emergency request {request}", request=ID, agrees=FLAG
    ),
    "exigent.withdrawn": change(
        "took a proposal for emergency request {request} back", request=ID, decision=ID
    ),
    "exigent.counsel_decided": change(
        "counsel decided about emergency request {request}", request=ID, goes_on=FLAG
    ),
    "exigent.forged": change(
        "marked emergency request {request} as forged", request=ID, marks=AMOUNT, linked=AMOUNT
    ),
    "exigent.refused": change("did not act on emergency request {request}: {why}", request=ID, why=CODE),
    "exigent.taken_up_again": change("took emergency request {request} up again", request=ID),
    "exigent.search_asked": change(
        "asked to search what emergency request {request} discloses", request=ID, decision=ID, scope=HASH
    ),
    "exigent.search_again": change("asked to search again for emergency request {request}", request=ID, decision=ID),
    "exigent.search_done": change(
        "searched for emergency request {request}: {rows} rows in production {production}",
        request=ID, decision=ID, production=ID, rows=AMOUNT, files=AMOUNT,
    ),
    "exigent.search_stopped": change("a search for emergency request {request} stopped", request=ID, decision=ID),
    "exigent.disclosed": change(
        "production {production} of emergency request {request} left", request=ID, production=ID
    ),
    "exigent.location_allowed": change(
        "may locate {targets} targets of emergency request {request} until {until}",
        request=ID, decision=ID, until=WHEN, targets=AMOUNT,
    ),
    "exigent.located": change(
        "located a target of emergency request {request}, the {ordinal}. time", request=ID, decision=ID, ordinal=AMOUNT, call=ID
    ),
    "exigent.location_ended": change(
        "permission to locate for emergency request {request} ended: {how}", request=ID, decision=ID, how=CODE
    ),
    "exigent.end_reported": change(
        "heard that emergency request {request} is over: {why}", request=ID, why=CODE, channel=CODE, asked=Maybe(ID)
    ),
    "exigent.ended": change("ended what runs of emergency request {request}: {why}", request=ID, why=CODE),
    "exigent.denied": change(
        "the agency of emergency request {request}, which was acted on, knows nothing of it; what ran has ended: {ran}",
        request=ID,
        ran=FLAG,
    ),
    "exigent.later_proposed": change(
        "proposed that emergency request {request} ends at {ends}, as rule {rule} of the guide gives it",
        request=ID,
        proposal=ID,
        ends=WHEN,
        rule=CODE,
    ),
    "exigent.over": change("nothing of emergency request {request} runs any more", request=ID),
    "exigent.order_came": change(
        "found order {order} to follow emergency request {request}", request=ID, order=ID, received=WHEN
    ),
    "exigent.held": change("held the cut of emergency request {request} until {until}", request=ID, until=WHEN),
    "exigent.replacement_proposed": change(
        "proposed that an order takes the place of emergency request {request}", request=ID, proposal=ID
    ),
    "exigent.copy_processed": change(
        "goes on here with the switch work of emergency request {request}, which {to} handles",
        request=ID, to=CODE, desks=CODE,
    ),
    "exigent.markets_read": access("read in which markets the targets of emergency request {request} are", request=ID),
    "exigent.passed_on": change(
        "handed {targets} targets of emergency request {request} over to {to} and kept {kept}",
        request=ID,
        to=CODE,
        targets=Maybe(AMOUNT),
        kept=Maybe(AMOUNT),
    ),
    "exigent.must_follow": change(
        "{what} must follow emergency request {request}", request=ID, what=CODE, due=Maybe(WHEN)
    ),
    "exigent.followed": change(
        "{what} of emergency request {request} came", request=ID, what=CODE, late=FLAG, evidence=Maybe(ID)
    ),
    "exigent.noted": change("noted that {what} of emergency request {request} came", request=ID, what=CODE),
    "exigent.waived": change("found that {what} of emergency request {request} need not follow", request=ID, what=CODE),
    "exigent.reminded": change(
        "reminded of {what} of emergency request {request}", request=ID, what=CODE, agency=FLAG
    ),
    "exigent.missing": change("{what} of emergency request {request} did not come in time", request=ID, what=CODE),
}  # fmt: skip
