"""The events of call-detail records: files that came, days that went, every search and what it gave."""

from tecum.audit.catalogue.words import AMOUNT, CODE, FLAG, HASH, ID, WHEN, Event, Maybe, access, change

RECORDS: dict[str, Event] = {
    "records.load_intended": change(
        "began to load delivery {delivery} into {store}", delivery=ID, store=CODE, format=CODE
    ),
    "records.loaded": change(
        "loaded delivery {delivery} into {store}: {rows} new, {known} known, {rejected} rejected",
        delivery=ID,
        store=CODE,
        source=HASH,
        rows=AMOUNT,
        known=AMOUNT,
        rejected=AMOUNT,
        parts=AMOUNT,
    ),
    "records.load_abandoned": change("ended delivery {delivery} without a row", delivery=ID, store=CODE),
    "records.compacted": change(
        "compacted {day} of {store}: {before} files became {after}",
        store=CODE,
        day=WHEN,
        before=AMOUNT,
        after=AMOUNT,
        rows=AMOUNT,
    ),
    "records.purged": change(
        "purged {day} from {store}: {rows} records, {kept} kept by holds",
        store=CODE,
        day=WHEN,
        purge=ID,
        parts=AMOUNT,
        rows=AMOUNT,
        bytes=AMOUNT,
        kept=AMOUNT,
        holds=AMOUNT,
        digest=HASH,
    ),
    "records.removed": change(
        "removed {parts} files of {store} that count no more", store=CODE, parts=AMOUNT, bytes=AMOUNT
    ),
    "records.searched": access(
        "searches {store} within scope {scope}: {product}, {portions} numbers and periods, {parts} files",
        search=ID,
        scope=HASH,
        product=CODE,
        store=CODE,
        way=CODE,
        portions=AMOUNT,
        parts=AMOUNT,
        files=HASH,
    ),
    "records.answered": access(
        "was given {rows} records by search {search}", search=ID, rows=AMOUNT, whole=FLAG, digest=HASH
    ),
    "records.counted": access(
        "counted {rows} records of {store} within scope {scope}: {product}",
        scope=HASH,
        product=CODE,
        store=CODE,
        way=CODE,
        portions=AMOUNT,
        parts=AMOUNT,
        files=HASH,
        rows=AMOUNT,
    ),
    "hold.placed": change(
        "placed hold {hold} on call-detail records", hold=ID, store=Maybe(CODE), until=Maybe(WHEN)
    ),
    "hold.lifted": change("lifted hold {hold}; {parts} kept files go", hold=ID, parts=AMOUNT),
}
