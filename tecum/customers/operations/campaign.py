"""The pursuit of consents from the whole customer base (R-035)."""

from datetime import date, datetime

from django.db import transaction

from tecum.access.rules import require
from tecum.audit import operations as audit
from tecum.customers.models import CampaignNote
from tecum.customers.operations.customers import locked
from tecum.customers.refusals import NotAnEntry
from tecum.customers.states import CampaignStep
from tecum.guide.values import shift
from tecum.kernel.actors import Actor
from tecum.kernel.business import BusinessCalendar
from tecum.policy import queries as policy


@transaction.atomic
def note_campaign(
    *, customer: str, step: str, by: Actor, now: datetime, text: str = "", remind_on: date | None = None
) -> None:
    """
    Note that a customer was asked, reminded or declined, and when to turn to it again.

    Without a day of one's own the reminder comes as long after asking as the guide says; none after declining.

    :raises NotAnEntry: for a step there is not, or a note without words
    """
    require(by, "consent.campaign", now=now)
    if step not in set(CampaignStep):
        raise NotAnEntry(f"'{step}' is no step of the campaign.")
    if step == CampaignStep.NOTE and not text.strip():
        raise NotAnEntry("A note needs words.")
    found = locked(customer)
    CampaignNote.objects.create(customer=found, at=now, by=by.ref, step=step, text=text.strip())
    if step in {CampaignStep.ASKED, CampaignStep.REMINDED}:
        found.remind_at = remind_on or _reminder(now)
    elif step == CampaignStep.DECLINED or remind_on:
        found.remind_at = remind_on
    found.save(update_fields=["remind_at"])
    audit.record("consent.campaign_noted", by=by, at=now, customer=customer, step=step)


def _reminder(now: datetime) -> date | None:
    """Return the day of the next reminder in the carrier's zone; none where the guide sets no time."""
    guide = policy.at(now)
    after = guide.lookup.consent.remind_after if guide.lookups else None
    if after is None:
        return None
    return shift(now, after.high, after.unit, BusinessCalendar(guide.carrier.zone, ())).date()
