"""What happens to bills, invoices and payments. Amounts are whole hundredths of the currency."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, ID, Event, Maybe, access, change

BILLING: dict[str, Event] = {
    "billing.changed": change("corrected what is known about the price of case {case}", case=ID),
    "billing.circumstance": change(
        "noted of the price of case {case} whether {circumstance} holds",
        case=ID,
        circumstance=CODE,
        holds=FLAG,
    ),
    "billing.waived": change(
        "waived the fee {fee} for {billable}, or took that back", case=ID, billable=ID, fee=CODE, waived=FLAG
    ),
    "billing.invoiced": change(
        "made invoice {series}-{number} of case {case}",
        case=ID,
        invoice=ID,
        series=CODE,
        number=AMOUNT,
        cents=AMOUNT,
        currency=CODE,
        process=Maybe(CODE),
        country=Maybe(CODE),
        region=Maybe(CODE),
    ),
    "billing.charged": change(
        "charged the fee {fee} on invoice {invoice}",
        case=ID,
        invoice=ID,
        fee=CODE,
        version=ID,
        cents=AMOUNT,
        full_cents=AMOUNT,
        waiver=Maybe(CODE),
    ),
    "billing.settled": change(
        "settled {billable}: {outcome}", case=ID, billable=ID, outcome=CODE, invoice=Maybe(ID)
    ),
    "billing.credited": change(
        "took lines of invoice {invoice} back by credit note {series}-{number}",
        case=ID,
        invoice=ID,
        note=ID,
        series=CODE,
        number=AMOUNT,
        cents=AMOUNT,
        again=FLAG,
    ),
    "billing.invoice_turned": change(
        "turned invoice {invoice} from {was} to {state}", case=ID, invoice=ID, was=CODE, state=CODE
    ),
    "billing.sent": change("sent invoice {invoice}", case=ID, invoice=ID),
    "billing.reminded": change(
        "reminded of invoice {invoice}", case=ID, invoice=ID, number=AMOUNT, sent=FLAG
    ),
    "billing.statement_sent": change(
        "sent agency {agency} its {invoices} open invoices", agency=ID, invoices=AMOUNT, cents=AMOUNT
    ),
    "billing.arrears_told": change(
        "found that the rule of arrears {rule} holds for agency {agency}, and told it where it could",
        agency=ID,
        rule=CODE,
        sent=FLAG,
    ),
    "order.quoted": change(
        "asked the agency to accept the price of its order, quote {quote}", case=ID, quote=ID
    ),
    "order.quote_answered": change(
        "answered quote {quote} of an order ({how})", case=ID, quote=ID, accepted=FLAG, how=CODE
    ),
    "order.quote_lapsed": change("found that nobody accepted quote {quote} in time", case=ID, quote=ID),
    "order.price_followed": change(
        "priced case {case} again, as its order had changed: quoted {quoted}", case=ID, quoted=FLAG
    ),
    "billing.payment_taken": change("took in payment {payment}", payment=ID, cents=AMOUNT, currency=CODE),
    "billing.payment_held": change(
        "kept payment {payment} for quote {quote}, which is paid in advance",
        payment=ID,
        quote=ID,
        cents=AMOUNT,
    ),
    "billing.payment_let_go": change(
        "held payment {payment} no longer for quote {quote}", payment=ID, quote=ID
    ),
    "billing.paid": change(
        "matched payment {payment} with invoice {invoice}", case=ID, invoice=ID, payment=ID, cents=AMOUNT
    ),
    "billing.payment_sent_back": change("noted that payment {payment} went back", payment=ID, cents=AMOUNT),
    "billing.exported": access("took the billing list {what} away, {rows} rows", what=CODE, rows=AMOUNT),
}
