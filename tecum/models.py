"""Lists the tables of every capability, so that Django finds them under one label."""

from tecum.accounts.models import (
    AddressProof,
    ApiToken,
    Attestation,
    HeldRole,
    LockOut,
    PasswordLink,
    Person,
    SharedUse,
    Visit,
)
from tecum.agencies.models import Agency, AgencyContact, AgencyDomain, CallBackNumber
from tecum.approvals.models import Approval
from tecum.audit.models import TrailAnchor, TrailCheckpoint, TrailLeaf, TrailLog, TrailNode
from tecum.breaches.models import Breach, BreachClock, BreachNotice
from tecum.cases.models import (
    BillableFact,
    CaseClock,
    CaseDocument,
    CaseEntry,
    CaseLink,
    CaseNote,
    CaseTarget,
    Gate,
    LegalCase,
)
from tecum.customers.models import CampaignNote, Consent, ConsentDocument, ConsentRange, ContactCard, Customer
from tecum.deadlines.models import Deadline
from tecum.demands.models import (
    Demand,
    DemandDraft,
    DemandHold,
    DemandScope,
    DemandSearch,
    DemandSubmission,
    DraftPaper,
    Preservation,
    SavedView,
    WorkOrder,
)
from tecum.documents.models import StoredFile
from tecum.inbox.models import Delivery, InboundMessage, Judgement, PollMark, ViewCopy
from tecum.inventory.models import InventoryLoad
from tecum.lookup.models import Disclosure, Lookup, LookupLine, QuotaHolder, QuotaSlot
from tecum.notices.models import DeliveryAttempt, Notice
from tecum.process.models import Received
from tecum.production.models import Download, Handover, Production, ScopeInForce
from tecum.records.models import (
    RecordDay,
    RecordDelivery,
    RecordHold,
    RecordPart,
    RecordPurge,
    RecordRead,
    SubscriberLine,
    SubscriberList,
)
from tecum.secrecy.models import Matter, NeedToKnow, RetentionEpoch
from tecum.support.models import SupportEntry, SupportThread
from tecum.vetting.models import Application, MailedCode

__all__ = [
    "BillableFact",
    "CaseClock",
    "CaseDocument",
    "CaseEntry",
    "CaseLink",
    "CaseNote",
    "CaseTarget",
    "Gate",
    "LegalCase",
    "Breach",
    "BreachClock",
    "BreachNotice",
    "AddressProof",
    "Attestation",
    "SharedUse",
    "Agency",
    "AgencyContact",
    "AgencyDomain",
    "ApiToken",
    "Application",
    "Approval",
    "CallBackNumber",
    "CampaignNote",
    "Consent",
    "ConsentDocument",
    "ConsentRange",
    "ContactCard",
    "Customer",
    "Deadline",
    "Demand",
    "DemandDraft",
    "DemandHold",
    "DemandSubmission",
    "DraftPaper",
    "DemandScope",
    "DemandSearch",
    "WorkOrder",
    "Preservation",
    "SavedView",
    "DeliveryAttempt",
    "Disclosure",
    "Delivery",
    "Download",
    "Handover",
    "Production",
    "ScopeInForce",
    "HeldRole",
    "InboundMessage",
    "Judgement",
    "InventoryLoad",
    "LockOut",
    "Matter",
    "NeedToKnow",
    "Notice",
    "PasswordLink",
    "Person",
    "PollMark",
    "RecordDay",
    "RecordDelivery",
    "RecordHold",
    "RecordPart",
    "RecordPurge",
    "RecordRead",
    "RetentionEpoch",
    "StoredFile",
    "SupportEntry",
    "SupportThread",
    "Lookup",
    "LookupLine",
    "MailedCode",
    "QuotaHolder",
    "Received",
    "QuotaSlot",
    "SubscriberLine",
    "SubscriberList",
    "TrailAnchor",
    "TrailCheckpoint",
    "TrailLeaf",
    "TrailLog",
    "TrailNode",
    "ViewCopy",
    "Visit",
]
