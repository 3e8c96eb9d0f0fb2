"""The tables of the records, one file for each part."""

from tecum.records.models.store import (
    RecordDay,
    RecordDelivery,
    RecordHold,
    RecordPart,
    RecordPurge,
    RecordRead,
)
from tecum.records.models.subscribers import SubscriberLine, SubscriberList

__all__ = [
    "RecordDay",
    "RecordDelivery",
    "RecordHold",
    "RecordPart",
    "RecordPurge",
    "RecordRead",
    "SubscriberLine",
    "SubscriberList",
]
