"""The tables of the records, one file for each part."""

from tecum.records.models.subscribers import SubscriberLine, SubscriberList

__all__ = ["SubscriberLine", "SubscriberList"]
