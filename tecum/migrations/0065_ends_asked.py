import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """What was reported of emergencies and what was asked of surveillances get one table: first its columns."""

    dependencies = [
        ("tecum", "0064_surveillance_carriers_signature"),
    ]

    operations = [
        migrations.AddField(
            model_name="endrequest",
            name="case",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tecum.legalcase"),
        ),
        migrations.AddField(
            model_name="endrequest",
            name="why",
            field=models.CharField(default="agency_asked", max_length=30),
        ),
        migrations.AddField(
            model_name="endrequest",
            name="called",
            field=models.CharField(blank=True, default="", help_text="The entry of the directory, or the call of an emergency", max_length=40),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="endrequest",
            name="kept_as",
            field=models.CharField(blank=True, default="", help_text="Under which name it was sealed, where it is another", max_length=20),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="endrequest",
            name="surveillance",
            field=models.ForeignKey(help_text="None: permission to locate", null=True, on_delete=django.db.models.deletion.PROTECT, related_name="end_requests", to="tecum.surveillance"),
        ),
    ]
