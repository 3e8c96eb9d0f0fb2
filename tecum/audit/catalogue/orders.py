"""What happens to a court order: its review, its end, its receipts, and what agencies ask besides."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

ORDERS: dict[str, Event] = {
    "order.begun": change("began the work on order {order} of case {case}: {kind}", order=ID, case=ID, kind=CODE),
    "order.handed_in": change(
        "handed order {order} in on the page ({kind}); case {case}", order=ID, case=ID, submission=ID, kind=CODE, papers=AMOUNT
    ),
    "order.status_seen": access("saw how the own order {order} stands", order=ID),
    "order.turned": change("turned order {order} from {was} to {state}", order=ID, was=CODE, state=CODE),
    "order.kind_set": change("said that order {order} is: {kind}", order=ID, kind=CODE, extends=Maybe(ID)),
    "order.read": change(
        "wrote down what order {order} says: {targets} targets, {lines} lines", order=ID, targets=AMOUNT, lines=AMOUNT
    ),
    "order.gag_set": change("wrote down the silence that the law lays on order {order}: {gag}", order=ID, gag=CODE),
    "order.matched": change(
        "held {targets} targets of order {order} against the billing system, {unlike} unlike",
        order=ID, targets=AMOUNT, unlike=AMOUNT,
    ),
    "order.end_worked_out": change(
        "worked out when order {order} ends", order=ID, ends=Maybe(WHEN), cut=Maybe(WHEN), provisional=FLAG
    ),
    "order.billing_corrected": change(
        "wrote down the agency's corrected billing address of order {order} ({channel})", order=ID, channel=CODE
    ),
    "order.collection_noted": change("wrote down when collection began under order {order}", order=ID, began=WHEN),
    "order.password_told": change("told the surveillance password of order {order} by {how}", order=ID, how=CODE),
    "order.copy_processed": change("went on with the copy of a partner's order {order}", order=ID),
    "order.priced": change(
        "noted of order {order} whether its agency was told the price of it as it stands", order=ID, stands=FLAG
    ),
    "order.proposed": change(
        "proposed the authority of order {order}", order=ID, proposal=ID, ends=WHEN
    ),
    "order.settled": change(
        "let the orders of surveillance {surveillance} follow: {receipts} receipts", surveillance=ID, receipts=AMOUNT
    ),
    "order.receipt_issued": change(
        "issued receipt {ordinal} of order {order}: {why}",
        order=ID, ordinal=AMOUNT, why=CODE, content=HASH, how=CODE, ends=Maybe(WHEN), cut=Maybe(WHEN),
    ),
    "order.receipt_shown": access("looked at receipt {ordinal} of order {order}", order=ID, ordinal=AMOUNT),
    "order.form_read": access("read the request form of order {order}", order=ID),
    "order.coverage_answered": change(
        "answered the inquiry {order} about coverage with {switches} switches", order=ID, switches=AMOUNT
    ),
    "order.cancellation_settled": change("settled the cancellation {order}", order=ID),
}  # fmt: skip
