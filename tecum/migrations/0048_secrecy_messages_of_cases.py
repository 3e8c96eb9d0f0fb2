from django.db import migrations, models


def join_messages_to_their_cases(apps, _schema):
    """Let what came in before be seen and sealed with the case that it opened or joined."""
    Matter, Message = apps.get_model("tecum", "Matter"), apps.get_model("tecum", "InboundMessage")
    found = dict(apps.get_model("tecum", "CaseEntry").objects.exclude(message="").values_list("message", "case__matter"))
    found |= dict(apps.get_model("tecum", "Received").objects.exclude(message="").values_list("message", "case__matter"))
    for message, matter in found.items():
        whole = Matter.objects.filter(pk=matter).first()
        mine = list(Message.objects.filter(models.Q(pk=message) | models.Q(duplicate_of=message)).values_list("matter", flat=True))
        if whole is not None:
            Matter.objects.filter(pk__in=mine).exclude(pk=whole.pk).update(part_of=whole, sealed=whole.sealed)


class Migration(migrations.Migration):

    dependencies = [
        ('tecum', '0047_secrecy_parts_and_holds'),
    ]

    operations = [
        migrations.RunPython(join_messages_to_their_cases, migrations.RunPython.noop),
    ]
