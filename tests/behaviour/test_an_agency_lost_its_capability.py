"""An agency receives nothing: the account first, then the provisioning, then engineers up to its demarcation point (R-148 to R-153)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tecum.jobs import following
from tecum.kernel.actors import Actor
from tecum.kernel.money import Money
from tecum.kernel.refusals import NotYours
from tecum.models import AccountWarning, BillableFact, Notice, TroubleTicket
from tecum.surveillance import operations as surveillance
from tecum.surveillance.operations import accounts, trouble
from tecum.surveillance.operations.accounts import CannotSettle
from tecum.surveillance.operations.trouble import CannotReport, CannotTurn
from tecum.surveillance.queries import trouble as queries
from tecum.surveillance.rules import trouble as rules
from tests import make, subscribers, taps
from tests.make import NOON, acting
from tests.orders import JONES, SMITH, bill, carrier  # noqa: F401
from tests.subscribers import billing  # noqa: F401
from tests.taps import carried, pen, switch, technician, watched

pytestmark = [pytest.mark.django_db(transaction=True)]
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
JOBS = Actor.system("jobs")


@pytest.fixture
def folder(carrier):  # noqa: F811
    return carrier


@pytest.fixture
def lists(bill, folder):  # noqa: F811
    """The carrier has lists of its subscribers; return where they lie."""
    return folder


@pytest.fixture
def running(folder):
    found = taps.order().authorize(pen("training-1")).activate()
    carried(NOON + SECOND)
    return found


def ada(found, now=NOON + DAY):
    return found.at(found.proposer, now)


def reported(found, now=NOON + DAY, **more):
    given = {
        "channel": "telephone",
        "reporter": "Det. Dana Ruiz",
        "words": "We receive nothing.",
        "reported_at": now,
    }
    return trouble.report(
        surveillance=found.surveillance,
        lost_at=now - timedelta(hours=2),
        by=ada(found, now),
        now=now,
        **{**given, **more},
    )


def view(found, ticket, now=NOON + DAY):
    return queries.ticket(ticket=ticket, by=ada(found, now), now=now)


def looked_everywhere(ticket, who, *, outcome="good", now=NOON + DAY):
    for part in rules.PARTS:
        trouble.look(ticket=ticket, part=part, outcome=outcome, said="As it should be.", by=who, now=now)


class TestFirstTheAccountAndTheProvisioning:
    @pytest.mark.requirement("R-149", "R-150")
    def test_a_closed_account_explains_it_and_the_agency_is_advised(self, running, lists):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",C,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        ticket = reported(running)

        with pytest.raises(CannotTurn, match="account or the provisioning"):
            trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)
        trouble.explain(
            ticket=ticket, cause="account_closed", finding="Closed.", by=ada(running), now=NOON + DAY
        )
        notice = trouble.advise(ticket=ticket, how="letter", by=ada(running), now=NOON + DAY)

        letter = Notice.objects.get(pk=notice)
        assert "the account of a target was closed" in letter.text
        assert taps.NUMBER not in letter.text and "0142" not in letter.text
        assert view(running, ticket).state == "CLOSED"

    @pytest.mark.requirement("R-149", "R-150")
    def test_a_warrant_that_ended_is_a_matter_of_provisioning(self, running, lists):
        surveillance.end(
            surveillance=running.surveillance, why="order_withdrawn", by=ada(running), now=NOON + DAY
        )
        carried(NOON + DAY)
        ticket = reported(running)

        known = queries.known(running.surveillance, now=NOON + DAY)
        account, provisioning = rules.looks(known, NOON + DAY)
        assert account.so is False
        assert provisioning.so and "authority has ended" in provisioning.sentence
        trouble.explain(
            ticket=ticket, cause="provisioning", finding="Withdrawn.", by=ada(running), now=NOON + DAY
        )
        trouble.advise(ticket=ticket, how="telephone", by=ada(running), now=NOON + DAY)
        assert view(running, ticket).state == "CLOSED"

    def test_what_a_switch_lost_is_a_matter_of_provisioning(self, running):
        switch().restart()
        watched(NOON + DAY)

        found = rules.cause(queries.known(running.surveillance, now=NOON + DAY), NOON + DAY)
        assert found == "provisioning"

    def test_an_administrator_may_say_why_that_is_not_it(self, running):
        switch().restart()
        watched(NOON + DAY)
        ticket = reported(running)

        trouble.troubleshoot(
            ticket=ticket, despite="It was lost two days before.", by=ada(running), now=NOON + DAY
        )
        assert view(running, ticket).state == "TROUBLESHOOTING"

    def test_without_any_list_of_subscribers_the_account_is_not_known(self):
        known = rules.Known(
            until=NOON + DAY,
            accounts=(),
            lines=(rules.Line("s", "interconnect", True, True),),
            accounts_known=False,
        )

        account, provisioning = rules.looks(known, NOON)
        assert account.so is None and "never for the target" in account.sentence
        assert provisioning.so is False


class TestThenTheEngineers:
    @pytest.mark.requirement("R-151", "R-152", "R-153")
    def test_ruled_out_up_to_the_demarcation_point_it_is_the_agencys_to_look(self, running):
        ticket, ines = reported(running), technician("Ines Okafor")
        trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)
        with pytest.raises(CannotTurn, match="every part up to the demarcation point"):
            trouble.conclude(ticket=ticket, cause="agency", finding="Not ours.", by=ines, now=NOON + DAY)
        looked_everywhere(ticket, ines)
        trouble.conclude(ticket=ticket, cause="agency", finding="Not ours.", by=ines, now=NOON + DAY)
        notice = trouble.advise(ticket=ticket, how="letter", by=ada(running), now=NOON + DAY)

        assert "demarcation point" in Notice.objects.get(pk=notice).text
        assert view(running, ticket).state == "WITH_AGENCY"
        trouble.close(ticket=ticket, finding="The LEAR's disk was full.", by=ada(running), now=NOON + 2 * DAY)
        assert view(running, ticket).said["agency_found"] == "The LEAR's disk was full."

    @pytest.mark.requirement("R-151", "R-152")
    def test_a_fault_of_ours_is_mended_and_the_agency_told(self, running):
        ticket, ines = reported(running), technician("Ines Okafor")
        trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)
        with pytest.raises(CannotTurn, match="which part had the fault"):
            trouble.conclude(ticket=ticket, cause="carrier", finding="Ours.", by=ines, now=NOON + DAY)
        trouble.look(
            ticket=ticket, part="delivery", outcome="mended", said="Trunk reseated.", by=ines, now=NOON + DAY
        )
        trouble.conclude(ticket=ticket, cause="carrier", finding="A loose trunk.", by=ines, now=NOON + DAY)
        trouble.advise(ticket=ticket, how="telephone", by=ada(running), now=NOON + DAY)

        assert view(running, ticket).state == "CLOSED" and view(running, ticket).cause == "carrier"

    def test_when_the_agency_finds_nothing_it_is_looked_at_again(self, running):
        ticket, ines = reported(running), technician("Ines Okafor")
        trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)
        looked_everywhere(ticket, ines)
        trouble.conclude(ticket=ticket, cause="agency", finding="Not ours.", by=ines, now=NOON + DAY)
        trouble.advise(ticket=ticket, how="telephone", by=ada(running), now=NOON + DAY)

        trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)
        assert view(running, ticket).state == "TROUBLESHOOTING" and view(running, ticket).told_at is None

    def test_an_engineer_learns_where_to_look_and_not_for_whom(self, running):
        ticket, ines = reported(running), technician("Ines Okafor")
        assert queries.for_engineers(by=ines, now=NOON + DAY) == (), "nothing is to be troubleshot yet"
        trouble.troubleshoot(ticket=ticket, by=ada(running), now=NOON + DAY)

        shown = trouble.show_work(ticket=ticket, by=ines, now=NOON + DAY)
        assert shown.switches == (("training-1", "interconnect", running.tap.task),)
        assert taps.NUMBER not in repr(shown) and "Ruiz" not in repr(shown)
        with pytest.raises(NotYours):
            queries.ticket(ticket=ticket, by=ines, now=NOON + DAY)

    def test_one_ticket_at_a_time_and_never_of_tomorrow(self, running):
        reported(running)

        with pytest.raises(CannotReport, match="is open"):
            reported(running)
        with pytest.raises(CannotReport, match="lies ahead"):
            reported(running, reported_at=NOON + 2 * DAY)

    @pytest.mark.requirement("R-148")
    def test_a_message_in_the_orders_case_that_says_so_opens_a_ticket(self, running):
        said = {
            "case": running.case.id,
            "entry": "e-1",
            "reporter": "Det. Dana Ruiz",
            "at": NOON,
            "by": JOBS,
            "now": NOON,
        }

        assert trouble.heard(words="Thank you for the receipt.", **said) == ""
        assert trouble.heard(words="Since 9 we are   NOT receiving any calls.", **said) != ""
        assert TroubleTicket.objects.get().channel == "email"
        assert trouble.heard(words="Still not receiving.", **said) == "", "the open ticket is the one"


class TestTheWatchOverAccounts:
    @pytest.mark.requirement("R-147", "R-149")
    def test_an_account_that_closes_is_raised_before_the_tap_dies(self, running, lists):
        assert accounts.watch(by=JOBS, now=NOON + DAY) == 0
        subscribers.load(
            lists, [SMITH.replace("2020-01-31,,A", "2020-01-31,2026-09-20,L"), JONES], now=NOON + DAY
        )

        assert accounts.watch(by=JOBS, now=NOON + DAY) == 1
        following.follow_all(lambda: NOON + DAY)
        (warning,) = queries.warnings(by=ada(running), now=NOON + DAY)
        assert (warning.status, str(warning.service_until), warning.told) == ("closing", "2026-09-20", 1)
        assert running.tap.on, "the warning cuts nothing"

    def test_another_look_at_the_same_list_warns_once_and_a_mended_account_settles_it(self, running, lists):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY + SECOND)
        assert AccountWarning.objects.count() == 1

        subscribers.load(lists, [SMITH, JONES], now=NOON + 2 * DAY)
        accounts.watch(by=JOBS, now=NOON + 2 * DAY)
        assert AccountWarning.objects.get().how == "no_longer"

    def test_what_a_person_settled_is_not_raised_again_by_the_same_list(self, running, lists):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        accounts.settle(
            warning=AccountWarning.objects.get().pk, how="agency_told", by=ada(running), now=NOON + DAY
        )

        accounts.watch(by=JOBS, now=NOON + DAY + SECOND)
        assert AccountWarning.objects.filter(state="OPEN").count() == 0

    def test_an_account_of_nobody_under_surveillance_warns_nobody(self, running, lists):
        subscribers.load(lists, [SMITH, JONES.replace(",A,VA", ",C,VA")], now=NOON + DAY)

        assert accounts.watch(by=JOBS, now=NOON + DAY) == 0
        assert not AccountWarning.objects.exists()

    def test_once_the_surveillance_is_over_its_account_is_nobodys_business(self, running, lists):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        surveillance.end(
            surveillance=running.surveillance, why="agency_asked", by=ada(running), now=NOON + DAY
        )

        accounts.watch(by=JOBS, now=NOON + DAY)
        assert AccountWarning.objects.get().state == "SETTLED"

    @pytest.mark.requirement("R-147")
    def test_the_agency_is_asked_to_pay_and_the_cost_is_passed_on_with_its_reason_and_record(
        self, running, lists
    ):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        warning = AccountWarning.objects.get().pk
        notice = accounts.ask_agency(warning=warning, reason="delinquent", by=ada(running), now=NOON + DAY)
        assert "airtime charges" in Notice.objects.get(pk=notice).text

        with pytest.raises(CannotSettle, match="record that shows it"):
            accounts.agency_pays(
                warning=warning,
                reason="delinquent",
                cost=Money(Decimal("31.50"), "USD"),
                evidence="",
                by=ada(running),
                now=NOON + DAY,
            )
        accounts.agency_pays(
            warning=warning,
            reason="delinquent",
            cost=Money(Decimal("31.50"), "USD"),
            evidence="B-17",
            by=ada(running),
            now=NOON + DAY,
        )
        fact = BillableFact.objects.get(reason="delinquent")
        assert (fact.cents, fact.evidence) == (3150, "B-17")
        assert AccountWarning.objects.get().how == "agency_pays"

    @pytest.mark.sabotage("R-149: the watch over accounts")
    def test_without_the_comparison_a_closing_account_is_raised_by_nobody(self, running, lists, monkeypatch):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",C,ID"), JONES], now=NOON + DAY)
        monkeypatch.setattr(accounts.lists, "leaving_accounts", lambda: ())

        assert accounts.watch(by=JOBS, now=NOON + DAY) == 0
        assert rules.cause(queries.known(running.surveillance, now=NOON + DAY), NOON + DAY) is None

    def test_who_may_not_know_of_the_case_learns_of_no_account(self, running, lists):
        subscribers.load(lists, [SMITH.replace(",A,ID", ",U,ID"), JONES], now=NOON + DAY)
        accounts.watch(by=JOBS, now=NOON + DAY)
        stranger = acting(make.person("Ines Okafor", roles=["switch_technician"]), stepped_up_at=NOON + DAY)

        assert queries.warnings(by=stranger, now=NOON + DAY) == ()
        with pytest.raises(NotYours):
            accounts.settle(
                warning=AccountWarning.objects.get().pk, how="agency_told", by=stranger, now=NOON + DAY
            )
