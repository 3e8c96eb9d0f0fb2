"""The demo: only on loopback, one click per role, and its carrier is whole."""

from datetime import timedelta

import pytest
from django.core.checks import run_checks

from tecum.access.catalogue import ROLES
from tecum.cli.demo import cast, emergencies, mail, numbers, oncall, orders, seed, surveillance
from tecum.config import clock
from tecum.exigent import queries as exigent
from tecum.inbox import queries as inbox
from tecum.inbox.states import MessageClass
from tecum.kernel.actors import Actor
from tecum.models import (
    Application,
    Certification,
    CertificationSheet,
    CourtOrder,
    OrderReceipt,
    SupportThread,
    Tap,
    TroubleTicket,
)
from tecum.oncall import queries as escalations
from tecum.surveillance import queries as tapped
from tecum.vetting import operations as vetting
from tecum.web.demo.stories import TRIES
from tests.make import NOON


def test_there_is_one_person_per_role_and_something_to_try_for_each():
    assert {person.role for person in cast.PEOPLE} == set(ROLES) == set(TRIES)


def test_its_numbers_are_nobodys_and_there_are_at_least_200_000(tmp_path):
    path = tmp_path / "numbers.csv"
    numbers.write(path, customers=[row[0] for row in cast.customers()], later=True)

    rows = [line.split(",") for line in path.read_text().splitlines()[1:]]

    assert all(row[0][1] == "9" for row in rows)
    assert sum(int(row[1] or row[0]) - int(row[0]) + 1 for row in rows) >= 200_000


@pytest.mark.parametrize("address", ["https://tecum.carrier.example", "http://192.0.2.7:8000"])
def test_one_click_sign_in_is_refused_anywhere_but_on_loopback(settings, address):
    settings.DEMO, settings.PUBLIC_ADDRESS = True, address

    assert "tecum.E003" in [message.id for message in run_checks()]


@pytest.mark.django_db
def test_outside_the_demo_its_addresses_do_not_exist(client):
    assert client.get("/demo/").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_its_morning_holds_applications_support_process_and_strays(tmp_path, settings):
    settings.MEDIA_ROOT, settings.TECUM_EPOCH_KEYS = tmp_path / "files", str(tmp_path / "keys")
    settings.TECUM_GUIDE, settings.TECUM_MAIL_AUTHSERV_ID = "halyard", cast.BORDER
    now = clock.now()
    seed.people_of_the_demo(now - timedelta(days=60))

    mail.deliver(
        now=now, operator=seed.OPERATOR, actor_of=lambda who: seed._actor(who, now - timedelta(days=30))
    )

    counted = inbox.tally()
    assert counted.holds
    assert {klass for klass, count in counted.by_class.items() if count} >= {
        MessageClass.APPLICATION, MessageClass.SUPPORT, MessageClass.LEGAL_DEMAND, MessageClass.MISDIRECTED, MessageClass.AUTOMATIC,
    }  # fmt: skip
    good = Application.objects.order_by("received_at").first()
    view = vetting.open_application(application=good.pk, by=seed.OPERATOR, now=now)
    assert [each.check for each in view.answers if not each.met] == []
    assert {row.channel for row in SupportThread.objects.all()} == {"MAIL", "PAGE", "CALL"}
    assert SupportThread.objects.filter(state="ANSWERED").exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_its_switches_run_one_surveillance_end_one_today_and_have_certified_one(tmp_path, settings):
    settings.MEDIA_ROOT, settings.TECUM_EPOCH_KEYS = tmp_path / "files", str(tmp_path / "keys")
    settings.TECUM_GUIDE, settings.DATA = "halyard", tmp_path
    seed.people_of_the_demo(NOON - timedelta(days=60))

    surveillance.fill(now=NOON, operator=seed.OPERATOR, actor_of=seed.at_work)

    assert sorted(Tap.objects.values_list("state", flat=True)) == ["ACTIVE", "ACTIVE", "ENDED"]
    assert Tap.objects.filter(state="ACTIVE", cut_at__lt=NOON + timedelta(hours=7)).count() == 1
    assert sorted(Certification.objects.values_list("state", flat=True)) == ["OPEN", "OPEN", "SIGNED"]
    assert CertificationSheet.objects.get().why == "started"
    assert TroubleTicket.objects.get().state == "REPORTED"
    assert tapped.broken(now=NOON) == ()


@pytest.mark.django_db(transaction=True)
def test_its_night_holds_a_roster_a_drill_a_call_back_and_somebody_who_waits():
    opened = NOON - timedelta(days=60)
    seed.people_of_the_demo(opened)

    oncall.fill(now=NOON, operator=seed.OPERATOR, actor_of=lambda who: seed._actor(who, opened))

    by = seed.OPERATOR
    rows = [*escalations.climbing(by=by, now=NOON), *escalations.over(by=by, now=NOON)]
    assert [(row.drill, row.open) for row in rows] == [(False, True), (False, False), (True, False)]
    assert escalations.on_duty(at=NOON)


@pytest.mark.django_db(transaction=True)
def test_an_emergency_waits_for_the_call_back(settings):
    settings.TECUM_GUIDE = "halyard"
    seed.people_of_the_demo(NOON - timedelta(days=60))

    emergencies.fill(now=NOON, operator=seed.OPERATOR, actor_of=seed.at_work)

    (line,) = exigent.board(by=Actor.system("tests"), now=NOON)
    assert (line.state, bool(line.agency), line.written) == ("RECEIVED", True, True)


@pytest.mark.django_db(transaction=True)
def test_a_court_order_waits_for_its_review_and_its_receipt_is_out(tmp_path, settings):
    settings.MEDIA_ROOT, settings.TECUM_EPOCH_KEYS = tmp_path / "files", str(tmp_path / "keys")
    settings.TECUM_GUIDE = "halyard"
    seed.people_of_the_demo(NOON - timedelta(days=60))

    orders.fill(now=NOON, operator=seed.OPERATOR, actor_of=seed.at_work)

    order = CourtOrder.objects.get()
    assert (order.state, OrderReceipt.objects.filter(order=order).count()) == ("RECEIVED", 1)
