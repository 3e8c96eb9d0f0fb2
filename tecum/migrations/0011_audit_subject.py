"""What an event is about can be searched: the first word of its data, beside its bytes. Its guard knows the column."""

import json

from django.db import migrations, models

KEPT = ["id", "body", "leaf_hash", "event", "actor", "matter", "subject", "at", "payload_epoch"]
TRIGGER = "tecum_trailleaf_fixed"


def same(columns, operator):
    return " AND ".join(f"NEW.{column} {operator} OLD.{column}" for column in columns)


def allowed(is_):
    return (
        f"({same(KEPT, is_)} AND ("
        f"(OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.payload {is_} OLD.payload)"
        f" OR (OLD.payload IS NOT NULL AND NEW.payload IS NULL AND {same(['position', 'log_id'], is_)})))"
    )


def lower(apps, schema_editor):
    on = " ON tecum_trailleaf" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER {TRIGGER}{on}", params=None)


def fill(apps, schema_editor):
    leaves = apps.get_model("tecum", "TrailLeaf")
    for leaf in leaves.objects.iterator():
        words = [value for value in json.loads(bytes(leaf.body))["data"].values() if isinstance(value, str)]
        if words:
            leaves.objects.filter(pk=leaf.pk).update(subject=words[0])


def lift(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        refuse = f"FOR EACH ROW WHEN (NOT {allowed('IS NOT DISTINCT FROM')}) EXECUTE FUNCTION tecum_trail_refuse()"
    else:
        refuse = f"WHEN NOT {allowed('IS')} BEGIN SELECT RAISE(ABORT, 'The trail is append-only.'); END"
    schema_editor.execute(f"CREATE TRIGGER {TRIGGER} BEFORE UPDATE ON tecum_trailleaf {refuse}", params=None)


class Migration(migrations.Migration):
    dependencies = [("tecum", "0010_accounts_tokens")]
    operations = [
        migrations.RunPython(lower),
        migrations.AddField(
            model_name="trailleaf", name="subject", field=models.CharField(max_length=120, null=True)
        ),
        migrations.RunPython(fill),
        migrations.AddIndex(
            model_name="trailleaf", index=models.Index(fields=["subject", "id"], name="trail_leaf_subject")
        ),
        migrations.RunPython(lift),
    ]
