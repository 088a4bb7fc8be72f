"""How an account stands, in our own words, beside the source's word."""

from django.db import migrations, models

FILL = """
    UPDATE orgmodel_account SET state = CASE upper(status)
        WHEN 'STAGED' THEN 'pending' WHEN 'DEPROVISIONED' THEN 'ended' WHEN 'DELETED' THEN 'ended'
        WHEN 'PROVISIONED' THEN 'active' WHEN 'RECOVERY' THEN 'active' WHEN 'PASSWORD_EXPIRED' THEN 'active'
        WHEN 'LOCKED_OUT' THEN 'active' WHEN '' THEN 'active' ELSE lower(status) END
    WHERE upper(status) <> 'ACTIVE'"""


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0017_keys_of_resources_and_rules")]

    operations = [
        migrations.AddField("account", "state", models.TextField(db_default="active")),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
