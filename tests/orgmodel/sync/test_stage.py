"""Staging: what a fact says arrives in its table as it was said, whatever it is made of."""

import pytest
from django.db import connection

from orgmodel.facts import GrantFact, Ref
from orgmodel.sync.stage import close_stage, open_stage, stage
from tests.orgmodel.sync.world import account

pytestmark = pytest.mark.django_db

ODD = ('a"b', "c\\d", "{e,f}", "NULL", "", " g ", "h\ni\tj", "Łódź ✓", "\\N")


def test_arrays_and_objects_arrive_as_they_were_said() -> None:
    open_stage()
    stage(
        [
            [GrantFact("nadia", Ref("", "group", each), "member", "rule", ODD, "okta") for each in ODD],
            [GrantFact("quinn", Ref("", "group", "00g1"), "member", "rule", (), "okta")],
            [account("nadia", attributes={each: each for each in ODD}), account("quinn", attributes={})],
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT target, rules FROM stage_grant WHERE account = 'nadia' ORDER BY ctid")
        assert cursor.fetchall() == [(["", "group", each], [*ODD]) for each in ODD]
        cursor.execute("SELECT rules = '{}' FROM stage_grant WHERE account = 'quinn'")
        assert cursor.fetchone() == (True,)
        cursor.execute("SELECT native_id, a.key = a.value FROM stage_account, jsonb_each_text(attributes) a")
        assert cursor.fetchall() == [("nadia", True)] * len(ODD)
    close_stage()
