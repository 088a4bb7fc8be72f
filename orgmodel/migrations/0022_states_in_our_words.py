"""How apps, rules and group pushes stand, in our own words, also in what changed before."""

from django.db import migrations

TO_OURS = """
    UPDATE orgmodel_resource SET status = lower(status) WHERE status <> lower(status);
    UPDATE orgmodel_ruleversion SET status = lower(status) WHERE status <> lower(status);
    UPDATE orgmodel_pushmapping SET status = lower(status) WHERE status <> lower(status);
    UPDATE orgmodel_change SET
        before = CASE WHEN before ? 'status'
            THEN before || jsonb_build_object('status', lower(before ->> 'status')) ELSE before END,
        after = CASE WHEN after ? 'status'
            THEN after || jsonb_build_object('status', lower(after ->> 'status')) ELSE after END
    WHERE kind IN ('resource', 'rule', 'push') AND (before ? 'status' OR after ? 'status')"""
TO_OKTAS = TO_OURS.replace("lower(", "upper(")


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0021_source_cursors")]

    operations = [migrations.RunSQL(TO_OURS, TO_OKTAS)]
