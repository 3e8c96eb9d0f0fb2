"""A mail that speaks of an emergency opens one, by its words or by the typed form among its papers; an ordinary one does not."""

import pytest

from tecum.exigent import queries
from tecum.exigent.rules import reading
from tecum.kernel.actors import Actor
from tecum.models import Demand, Escalation, ExigentRequest
from tecum.policy import queries as policy
from tests.letters import arrived, letter
from tests.make import NOON
from tests.orders import carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("carrier")]
TO = "courtorders@wireless.example"
LETTERHEAD = """Marrow County 911, dispatch
Exigent circumstances: immediate danger of death or serious physical injury. A girl of six was kidnapped at ten.
We need the location of (292) 555-0142 now. Call me back at 492-555-0177."""


@pytest.mark.requirement("R-093")
def test_a_letterhead_by_mail_opens_an_emergency_whichever_desk_it_came_to():
    arrived(letter("EXIGENT: kidnapped child", LETTERHEAD, to=TO), to=TO, now=NOON)

    row = ExigentRequest.objects.get()
    said = queries.of_case(case=row.case_id, by=Actor.system("tests"), now=NOON).said
    assert (row.case.kind, said.requester, said.targets, said.phone) == (
        "emergency",
        "psap",
        ("2925550142",),
        "4925550177",
    )
    assert said.grounds == ("danger_to_life",)
    assert Escalation.objects.filter(about=f"case:{row.case_id}").count() == 1
    assert not Demand.objects.exists()


def test_a_mail_that_speaks_of_none_opens_none():
    arrived(
        letter("Grand jury subpoena 26-114", "Please produce toll records of (292) 555-0142.", to=TO),
        to=TO,
        now=NOON,
    )

    assert not ExigentRequest.objects.exists()


@pytest.mark.requirement("R-178")
def test_every_answer_of_the_form_is_read_back_by_its_field():
    guide = policy.at(NOON)
    said = reading.of_form(
        {
            "from_name": ("A. Cole",), "from_agency": ("Marrow County Sheriff",), "from_phone": ("(492) 555-0110",),
            "designation": ("the Attorney General",), "targets": ("(292) 555-0142\n292-555-0143",), "services": ("Digital Dispatch",),
            "grounds": ("conspiratorial activities characteristic of organized crime (i.e., mob-related activity, not including drug sales)",),
            "assistance": ("interception of communications", "installation of a trap and trace or pen register"),
            "signature_1": ("A. Cole", "Deputy Chief"), "signature_2": ("R. Okafor",),
        },
        guide,
    )  # fmt: skip

    assert said.types == ("title_iii", "pen_register", "trap_and_trace")
    assert (said.grounds, said.services, said.phone) == (("organized_crime",), ("dispatch",), "4925550110")
    assert said.targets == ("2925550142", "2925550143")
    assert len(said.signatures) == 2
    assert reading.pathway(said, guide).id == "surveillance"
