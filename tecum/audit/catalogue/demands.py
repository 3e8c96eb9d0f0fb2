"""What happens to a legal demand: its review, scope, holds, silence, withdrawal and end."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

DEMANDS: dict[str, Event] = {
    "demand.begun": change("began the work on demand {demand} of case {case}", demand=ID, case=ID),
    "demand.submitted": change(
        "handed a demand in ({door}); case {case}", demand=ID, case=ID, submission=ID, door=CODE, targets=AMOUNT, papers=AMOUNT
    ),
    "demand.papers_followed": change(
        "the papers of submission {submission} came again and were kept", submission=ID, case=ID, papers=AMOUNT
    ),
    "demand.draft_saved": change("saved a draft of a demand", draft=ID, papers=AMOUNT),
    "demand.draft_dropped": change("dropped a draft of a demand ({why})", draft=ID, why=CODE),
    "demand.turned": change("turned demand {demand} from {was} to {state}", demand=ID, was=CODE, state=CODE),
    "demand.target_decided": change(
        "decided about target {target} of demand {demand}", demand=ID, target=ID, withheld=FLAG, holders=AMOUNT
    ),
    "demand.scope_proposed": change(
        "proposed a scope for demand {demand}: {grants} of {lines} lines", demand=ID, scope=HASH, lines=AMOUNT, grants=AMOUNT
    ),
    "demand.scope_approved": change("approved the scope of demand {demand}", demand=ID, scope=HASH),
    "demand.scope_ended": change("ended a scope of demand {demand}", demand=ID, scope=HASH),
    "demand.held": change("held records for demand {demand}: {holds} holds", demand=ID, holds=AMOUNT),
    "demand.held_by_hand": change("held records for demand {demand} by a person's word", demand=ID, holds=AMOUNT),
    "demand.holds_ended": change("ended {holds} holds of demand {demand}: {why}", demand=ID, holds=AMOUNT, why=CODE),
    "demand.withdrawn": change("withdrew demand {demand} ({how})", demand=ID, how=CODE, targets=AMOUNT),
    "demand.narrowed": change("withdrew {targets} targets of demand {demand} ({how})", demand=ID, how=CODE, targets=AMOUNT),
    "demand.withdrawal_undone": change("took the withdrawal of demand {demand} back", demand=ID),
    "demand.withdrawal_settled": change("the withdrawal of demand {demand} can no longer be undone", demand=ID),
    "demand.status_told": change("told an officer on its list how demand {demand} stands ({door})", demand=ID, door=CODE),
    "demand.status_refused": change("told nothing about a case to somebody not known to be on its list"),
    "demand.status_seen": access("saw how the own demand {demand} stands", demand=ID),
    "demand.objected": change("objected to demand {demand}", demand=ID),
    "demand.gag_set": change(
        "wrote down the gag of demand {demand}: {gag}", demand=ID, gag=CODE, shortened=FLAG
    ),
    "demand.gag_near": change("the gag of demand {demand} ends soon", demand=ID),
    "demand.gag_over": change("the gag of demand {demand} has ended", demand=ID),
    "demand.customer_owed": change("a notice to a customer is owed for demand {demand}", demand=ID, owed=ID),
    "demand.customer_due": change("a notice to a customer is due for demand {demand}", demand=ID, owed=ID),
    "demand.customer_shown": access("saw who is to be told of demand {demand}", demand=ID, owed=ID),
    "demand.customer_told": change("told a customer of demand {demand} ({way})", demand=ID, owed=ID, way=CODE),
    "demand.customer_spared": change("found a notice of demand {demand} not owed: {why}", demand=ID, owed=ID, why=CODE),
    "demand.search_asked": change("asked for everything that the scope of demand {demand} grants", demand=ID, search=ID, scope=HASH),
    "demand.search_begun": change("began to search for demand {demand}", demand=ID, search=ID),
    "demand.part_answered": change(
        "answered {product} for demand {demand}: {rows} rows, {how}", demand=ID, search=ID, product=CODE, how=CODE, rows=AMOUNT
    ),
    "demand.provider_looked_up": access(
        "looked up whose number it was within scope {scope}: {product}, {customers} customers",
        scope=HASH, product=CODE, customers=AMOUNT,
    ),
    "demand.search_done": change(
        "searched for demand {demand}: {rows} rows in {files} files, {orders} work orders",
        demand=ID, search=ID, production=ID, rows=AMOUNT, files=AMOUNT, orders=AMOUNT,
    ),
    "demand.search_stopped": change("a search for demand {demand} stopped: {why}", demand=ID, search=ID, why=CODE),
    "demand.search_cancelled": change("cancelled a search for demand {demand}; nothing of it was kept", demand=ID, search=ID),
    "demand.search_shown": access(
        "looked at what was found for demand {demand}: {rows} rows of {product}, {how}",
        demand=ID, search=ID, product=CODE, rows=AMOUNT, how=CODE,
    ),
    "demand.work_order_opened": change("opened a work order of demand {demand}: {product}", demand=ID, order=ID, product=CODE),
    "demand.work_order_done": change("attached the result of a work order of demand {demand}", demand=ID, order=ID, file=ID),
    "demand.work_order_dropped": change("dropped a work order of demand {demand}", demand=ID, order=ID),
    "demand.work_order_shown": access("looked at a work order of demand {demand} ({how})", demand=ID, order=ID, how=CODE),
    "demand.return_extended": change(
        "moved the return date of demand {demand} to {until} ({how})",
        demand=ID, was=WHEN, until=WHEN, how=CODE, evidence=Maybe(ID),
    ),
    "demand.near_looked_at": access(
        "looked which numbers near target {target} of demand {demand} were ours: {found}", demand=ID, target=ID, found=AMOUNT
    ),
    "demand.form_taken": change("took form {form} with demand {demand}: {numbers} numbers", demand=ID, form=CODE, numbers=AMOUNT, unread=AMOUNT),
    "demand.order_copy_found": change("found the copy of the order for demand {demand}", demand=ID, document=ID),
    "demand.reach_confirmed": change(
        "confirmed that {numbers} numbers of demand {demand} are reached ({ground})",
        demand=ID, ground=CODE, numbers=AMOUNT, document=Maybe(ID),
    ),
    "demand.reach_ended": change("took back what reached {numbers} numbers of demand {demand}", demand=ID, numbers=AMOUNT),
    "fee.accepted": change("accepted quote {quote} for demand {demand} ({how})", demand=ID, quote=ID, how=CODE),
    "fee.refused": change("refused quote {quote} for demand {demand} ({how})", demand=ID, quote=ID, how=CODE),
    "demand.view_saved": change("kept a view of the queue", view=ID, shared=FLAG),
    "demand.view_forgotten": change("forgot a view of the queue", view=ID),
    "preservation.begun": change(
        "preserved the records of demand {demand} until {until}", demand=ID, until=WHEN, rule=CODE
    ),
    "preservation.renewed": change(
        "renewed the preservation of demand {demand} until {until}", demand=ID, until=WHEN, times=AMOUNT
    ),
    "preservation.warned": change("told the agency that the preservation of demand {demand} ends", demand=ID, until=WHEN),
    "preservation.followed": change("demand {other} followed the preservation of demand {demand}", demand=ID, other=ID),
    "preservation.turned": change(
        "turned the preservation of demand {demand} from {was} to {state}", demand=ID, was=CODE, state=CODE
    ),
}  # fmt: skip
