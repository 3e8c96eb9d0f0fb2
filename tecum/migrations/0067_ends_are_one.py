import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """The old table goes; every request has a case, and what was obeyed was called back."""

    dependencies = [
        ("tecum", "0066_ends_joined"),
    ]

    operations = [
        migrations.AlterField(
            model_name="endrequest",
            name="case",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tecum.legalcase"),
        ),
        migrations.AddConstraint(
            model_name="endrequest",
            constraint=models.CheckConstraint(condition=models.Q(models.Q(("state", "OBEYED"), _negated=True), ("channel", "portal"), models.Q(("called", ""), _negated=True), _connector="OR"), name="end_request_was_called_back"),
        ),
        migrations.DeleteModel(
            name="ExigentEnd",
        ),
    ]
