import datetime

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tecum", "0018_approvals")]

    operations = [
        migrations.RemoveField(model_name="quotaholder", name="touched"),
        migrations.AddField(
            model_name="quotaholder",
            name="latest",
            field=models.DateTimeField(default=datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)),
            preserve_default=False,
        ),
    ]
