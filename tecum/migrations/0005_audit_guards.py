"""
Triggers that keep the trail from being changed: a leaf may only get its position, and lose its payload.

They stop mistakes and casual hands. Somebody who may drop a trigger is stopped by nothing here: that is what
the signed checkpoints outside are for (assurance, control 9).
"""

from django.db import migrations

KEPT = ["id", "body", "leaf_hash", "event", "actor", "matter", "at", "payload_epoch"]
FROZEN = ["tecum_trailnode", "tecum_trailcheckpoint", "tecum_trailanchor"]
SAYS = "The trail is append-only."


def same(columns, operator):
    return " AND ".join(f"NEW.{column} {operator} OLD.{column}" for column in columns)


def allowed(is_):
    """The two changes a leaf may undergo: its place is assigned once, its payload is destroyed."""
    return (
        f"({same(KEPT, is_)} AND ("
        f"(OLD.position IS NULL AND NEW.position IS NOT NULL AND NEW.payload {is_} OLD.payload)"
        f" OR (OLD.payload IS NOT NULL AND NEW.payload IS NULL AND {same(['position', 'log_id'], is_)})))"
    )


def sqlite():
    for table in ["tecum_trailleaf", "tecum_traillog", *FROZEN]:
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    for table in FROZEN:
        yield f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    yield (
        "CREATE TRIGGER tecum_trailleaf_fixed BEFORE UPDATE ON tecum_trailleaf "
        f"WHEN NOT {allowed('IS')} BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )
    yield (
        "CREATE TRIGGER tecum_trailleaf_unplaced BEFORE INSERT ON tecum_trailleaf "
        f"WHEN NEW.position IS NOT NULL BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
    )


def postgresql():
    yield (
        "CREATE FUNCTION tecum_trail_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'restrict_violation'; END $$"
    )
    refuse = "EXECUTE FUNCTION tecum_trail_refuse()"
    for table in ["tecum_trailleaf", "tecum_traillog", *FROZEN]:
        yield f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW {refuse}"
        yield f"CREATE TRIGGER {table}_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {refuse}"
    for table in FROZEN:
        yield f"CREATE TRIGGER {table}_fixed BEFORE UPDATE ON {table} FOR EACH ROW {refuse}"
    yield (
        "CREATE TRIGGER tecum_trailleaf_fixed BEFORE UPDATE ON tecum_trailleaf FOR EACH ROW "
        f"WHEN (NOT {allowed('IS NOT DISTINCT FROM')}) {refuse}"
    )
    yield (
        "CREATE TRIGGER tecum_trailleaf_unplaced BEFORE INSERT ON tecum_trailleaf FOR EACH ROW "
        f"WHEN (NEW.position IS NOT NULL) {refuse}"
    )


def raise_guards(apps, schema_editor):
    for statement in {"sqlite": sqlite, "postgresql": postgresql}[schema_editor.connection.vendor]():
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("tecum", "0004_audit_trail")]
    operations = [migrations.RunPython(raise_guards)]
