"""What can be done to call-detail records and subscribers: load, search, look up, hold, compact, purge. Call it as a module: `records.calls_of(…)`."""

from tecum.records.drivers.places import StoreBusy
from tecum.records.operations.holding import Held, NoSuchHold, hold, hold_over, lift_hold
from tecum.records.operations.informing import NoSuchProduct, SubscriberAnswer, subscribers_of
from tecum.records.operations.keeping import Upkeep, compact, maintain, purge, recover
from tecum.records.operations.loading import LoadReport, load
from tecum.records.operations.searching import (
    CallRecord,
    DryRun,
    NotGranted,
    Portion,
    RecordsMissing,
    Rows,
    calls_of,
    calls_of_many,
    calls_to,
    dry_run,
)

__all__ = [
    "CallRecord",
    "DryRun",
    "Held",
    "LoadReport",
    "NoSuchHold",
    "NoSuchProduct",
    "NotGranted",
    "Portion",
    "RecordsMissing",
    "Rows",
    "StoreBusy",
    "SubscriberAnswer",
    "Upkeep",
    "calls_of",
    "calls_of_many",
    "calls_to",
    "compact",
    "dry_run",
    "hold",
    "hold_over",
    "lift_hold",
    "load",
    "maintain",
    "purge",
    "recover",
    "subscribers_of",
]
