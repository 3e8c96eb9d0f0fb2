from django.db import migrations

CHANNELS = {"email": "mail", "counter": "in_person"}


def join(apps, schema):
    """Give every request its case, and carry over what was reported of emergencies, under its own seal."""
    requests = apps.get_model("tecum", "EndRequest")
    for row in requests.objects.select_related("surveillance").filter(case=None):
        row.case_id = row.surveillance.case_id
        row.called = "not kept" if row.state == "OBEYED" else ""
        row.save(update_fields=["case", "called"])
    known = set(apps.get_model("tecum", "Surveillance").objects.values_list("pk", flat=True))
    decisions = apps.get_model("tecum", "ExigentDecision").objects
    for end in apps.get_model("tecum", "ExigentEnd").objects.select_related("request"):
        started = decisions.filter(request=end.request).exclude(surveillance="").order_by("-decided_at").first()
        requests.objects.create(
            id=end.pk, case_id=end.request.case_id, state=end.state, why=end.why, said=end.said, kept_as="exigent end",
            surveillance_id=started.surveillance if started and started.surveillance in known else None,
            channel=CHANNELS.get(end.channel, end.channel), asked_at=end.heard_at, noted_by=end.heard_by,
            called=f"call:{end.call_id}" if end.call_id else "", settled_at=end.settled_at, settled_by=end.settled_by,
        )


class Migration(migrations.Migration):
    """Ends that were reported of emergencies become requests to end, each with its words as they were sealed."""

    dependencies = [
        ("tecum", "0065_ends_asked"),
    ]

    operations = [migrations.RunPython(join, migrations.RunPython.noop)]
