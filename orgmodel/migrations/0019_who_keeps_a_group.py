"""Who keeps the members of a group, in our own words."""

from django.db import migrations

TO_OURS = """
    UPDATE orgmodel_resource SET type = CASE type WHEN 'OKTA_GROUP' THEN 'own' WHEN 'APP_GROUP' THEN 'imported'
        WHEN 'BUILT_IN' THEN 'built-in' ELSE lower(type) END WHERE kind = 'group'"""
TO_OKTAS = """
    UPDATE orgmodel_resource SET type = CASE type WHEN 'own' THEN 'OKTA_GROUP' WHEN 'imported' THEN 'APP_GROUP'
        WHEN 'built-in' THEN 'BUILT_IN' ELSE upper(type) END WHERE kind = 'group'"""


class Migration(migrations.Migration):
    dependencies = [("orgmodel", "0018_account_state")]

    operations = [migrations.RunSQL(TO_OURS, TO_OKTAS)]
