"""Fix plans: what a human pastes is one harmless snippet, whatever names and ids hold."""

import csv
import shlex
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orgmodel.facts import Fact
from orgmodel.models import Finding
from orgmodel.sources.fix import cell, comment, hcl
from orgmodel.sources.okta import fixes
from tests.orgmodel.sync.world import group, member, rule, seat, unit

from .company import OKTA, UNITS, only, tell

NASTY = 'x"; rm -rf ~\n$(reboot) `reboot` ${file("/etc/passwd")} %{ for } \' \\ \u2028 \u202e # end'


@pytest.mark.django_db
def test_taking_out_a_member() -> None:
    facts: list[Fact] = [
        group("00gfed", "figma-users"),
        rule("0prfed", "Figma", 'user.title == "Designer"', "00gfed"),
        member("nadia", "00gfed"),
    ]
    tell([*OKTA, *facts])
    assert only().fix == [
        {
            "kind": "api",
            "text": "# figma-users, Nadia Brandt\n"
            'curl -sS -X DELETE -H "Authorization: SSWS $OKTA_ADMIN_TOKEN"'
            ' "$OKTA_URL/api/v1/groups/00gfed/users/nadia"',
            "reverse": "# figma-users, Nadia Brandt\n"
            'curl -sS -X PUT -H "Authorization: SSWS $OKTA_ADMIN_TOKEN"'
            ' "$OKTA_URL/api/v1/groups/00gfed/users/nadia"',
        },
        {
            "kind": "console",
            "text": "Directory › Groups › 00gfed › People › remove nadia",
            "reverse": "Directory › Groups › 00gfed › People › assign nadia",
        },
    ]


@pytest.mark.django_db
def test_ending_direct_assignments() -> None:
    tell([*OKTA, seat("nadia", "0oafigma"), seat("quinn", "0oafigma")])
    api, table = only().fix
    assert api["text"].splitlines()[1:] == [
        (
            'curl -sS -X DELETE -H "Authorization: SSWS $OKTA_ADMIN_TOKEN"'
            ' "$OKTA_URL/api/v1/apps/0oafigma/users/nadia"'
        ),
        (
            'curl -sS -X DELETE -H "Authorization: SSWS $OKTA_ADMIN_TOKEN"'
            ' "$OKTA_URL/api/v1/apps/0oafigma/users/quinn"'
        ),
    ]
    assert api["reverse"].splitlines()[1] == (
        'curl -sS -X POST -H "Authorization: SSWS $OKTA_ADMIN_TOKEN" "$OKTA_URL/api/v1/apps/0oafigma/users"'
        ' -H \'Content-Type: application/json\' -d \'{"id": "nadia", "scope": "USER"}\''
    )
    assert table["kind"] == "csv"
    assert table["text"] == 'app_id,user_id\n"0oafigma","nadia"\n"0oafigma","quinn"'


def test_terraform_takes_a_group_as_it_is() -> None:
    (plan,) = fixes.keep_only("00gonc", ["quinn", "lena"], "radish-oncall")
    assert plan.kind == "terraform"
    assert (
        plan.text
        == """\
# radish-oncall
import {
  to = okta_group_memberships.g_00gonc
  id = "00gonc/true"
}

resource "okta_group_memberships" "g_00gonc" {
  group_id        = "00gonc"
  track_all_users = true
  users           = ["quinn", "lena"]
}"""
    )
    assert plan.reverse.splitlines()[0] == "terraform state rm okta_group_memberships.g_00gonc"
    assert fixes.keep_only("00gonc", ["somebody"] * 51, "radish-oncall") == ()


@pytest.mark.django_db
def test_a_group_for_a_unit_with_a_nasty_name() -> None:
    tell(units=[*UNITS, unit("team", "recFEN", 'Fen"${x}\nnel', "fennel")])
    assert (
        only().fix[0]["text"]
        == """\
resource "okta_group" "g_team-fennel" {
  name        = "team-fennel"
  description = "AUTO team Fen\\"$${x}\\U0000000anel"
}"""
    )


@pytest.mark.django_db
def test_every_plan_names_ids_and_nothing_else_of_a_nasty_company() -> None:
    facts: list[Fact] = [
        group("00gfed", NASTY),
        rule("0prfed", NASTY, "true", "00gfed", status="active"),
        rule("0proff", NASTY, "true", "00gfed", status="inactive"),
        member("nadia", "00gfed"),
        member("quinn", "00gfed", "0proff"),
        seat("nadia", "0oafigma"),
    ]
    tell([*OKTA, *facts])
    plans = [plan for finding in Finding.objects.all() for plan in finding.fix]
    assert len(plans) >= 6
    for plan in plans:
        for text in (plan["text"], plan["reverse"]):
            for line in text.splitlines():
                assert "reboot" not in line or line.startswith("# ")
                assert not line.startswith("# ") or not set(line[2:]) & set("\"'`$(){};&|<>\\*?~!#")


@given(st.text(max_size=120))
def test_no_id_leaves_its_place_in_a_call(native: str) -> None:
    for plan in (
        *fixes.take_out(native, [native], native),
        *fixes.unassign(native, [native], native)[:1],
        *fixes.deactivate(native, native),
        *fixes.run_rule(native, native),
    ):
        if plan.kind == "api":
            for script in (plan.text, plan.reverse):
                remark, call = script.split("\n")
                assert remark.startswith("# ")
                words = shlex.split(call)
                assert words[:4] == ["curl", "-sS", "-X", words[3]]
                assert words[5] == "Authorization: SSWS $OKTA_ADMIN_TOKEN"
                assert words[6].startswith("$OKTA_URL/api/v1/")
                assert call.count("$") == 2
                assert "`" not in call


@given(st.text(max_size=120))
def test_no_text_leaves_its_hcl_string(text: str) -> None:
    quoted = hcl(text)
    inside = quoted[1:-1].replace("\\\\", "").replace('\\"', "").replace("$${", "").replace("%%{", "")
    assert quoted[0] == quoted[-1] == '"'
    assert '"' not in inside
    assert "${" not in inside
    assert "%{" not in inside
    assert quoted.isprintable()


@given(st.text(max_size=120))
def test_a_comment_is_one_quiet_line(name: str) -> None:
    line = comment(name)
    assert len(line.splitlines()) == 1
    assert all(each.isalnum() or each in " .,@_-" for each in line[2:])


@given(st.text(max_size=60))
def test_a_cell_is_one_cell_and_no_formula(text: str) -> None:
    (row,) = csv.reader(StringIO(cell(text)))
    assert len(row) == 1
    assert row[0][:1] not in {"=", "+", "-", "@"}
