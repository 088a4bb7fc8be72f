"""Sources: freshness, runs, what cannot be seen, and the release of what is held back."""

import json
import re
from typing import Any

import pytest

from orgmodel.models import PartLeft, Resource, Run, SourceCursor
from portal.management.commands.doctor import examine
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.operations import quarantined
from tests.portal.reading import words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def believed(days: float, **values: object) -> Run:
    return Run.objects.create(
        source="okta",
        started=moment(days),
        finished=moment(days),
        applied_at=moment(days),
        outcome="unchanged",
        **values,
    )


def test_each_source_says_how_fresh_it_is_and_what_its_runs_did(as_person: SignIn) -> None:
    page = words(as_person("tomas").get("/sources/").content)
    assert re.search(r"Okta Okta synced [78] days ago Not fresh", page)
    assert re.search(r"Units Units synced [78] days ago Not fresh", page)
    assert "2 March 2026, 09:00 UTC applied 0" in page
    counts = (
        "unit assignments: 1 new, 1 gone; values of attributes: 1 changed;"
        " memberships and direct assignments: 1 new, 1 gone"
    )
    assert counts in page


def test_a_group_that_should_make_admins_and_does_not_is_said(as_person: SignIn, settings: Any) -> None:
    assert "nobody is an admin" not in words(as_person("tomas").get("/sources/").content)
    admins = Resource.objects.get(native_id="00gadm")
    Resource.objects.create(
        source="okta",
        kind="group",
        native_id="00gtwin",
        name=admins.name,
        type="own",
        began=admins.began,
    )
    page = words(as_person("quinn").get("/sources/").content)
    assert "visibility.admins_group 2 groups of Okta have the name it gives: nobody is an admin by it" in page
    assert as_person("tomas").get("/outbox/").status_code == 403
    assert [line.todo for line in examine(settings.SIGHTLINE) if line.what.startswith("visibility.")] == [
        "Name the group by its id."
    ]


def test_whoever_may_not_see_all_is_told_no_numbers(as_person: SignIn) -> None:
    """A group that nobody may know of could be counted."""
    believed(7)
    quarantined()
    text = words(as_person("quinn").get("/sources/").content)
    assert "An answer is held back It does not look right; an admin has to check it." in text
    for number in ("assignments: 1 new", "4 of 5 accounts", "7 known", "nothing new"):
        assert number not in text
    assert "unchanged" not in as_person("quinn").get("/sources.json").content.decode()


def test_a_held_answer_is_shown_against_what_is_known(as_person: SignIn) -> None:
    believed(7, counts={"account": {"seen": 5}, "group": {"seen": 7}, "app": {"seen": 6}})
    quarantined()
    page = words(as_person("tomas").get("/sources/").content)
    assert "An answer is held back 4 of 5 accounts would vanish." in page
    for kind in ("accounts 5 known, 1 in this answer", "app 6 known, 0 in", "group 7 known, 7 in"):
        assert kind in page
    assert "00ubad unreadable /api/v1/users" in page
    assert "Release: the next read may be as small as this one" in page


def test_a_held_answer_is_shown_by_what_would_shrink_where_that_was_counted(as_person: SignIn) -> None:
    believed(7, counts={"account": {"seen": 5}})
    run = quarantined()
    run.judged = {
        "active people": {"known": 5, "gone": 4, "left": 1},
        "accounts": {"known": 0, "gone": 0, "left": 0},
    }
    run.save()
    page = words(as_person("tomas").get("/sources/").content)
    assert "active people 5 known, 1 in this answer" in page
    assert "0 in this answer" not in page
    assert "accounts 5 known" not in page


def test_many_held_answers_do_not_make_what_is_known_forgotten(as_person: SignIn) -> None:
    believed(9, counts={"account": {"seen": 224}})
    for _ in range(9):
        quarantined()
    page = words(as_person("tomas").get("/sources/").content)
    assert "accounts 224 known, 1 in this answer" in page


def test_problems_and_release_are_for_admins(as_person: SignIn) -> None:
    quarantined()
    page = words(as_person("quinn").get("/sources/").content)
    assert "1 record could not be read" in page
    assert "An answer is held back" in page
    assert "00ubad" not in page
    assert "Release" not in page
    assert "00ubad" not in as_person("quinn").get("/sources.json").content.decode()


def test_of_many_problems_all_are_counted(as_person: SignIn) -> None:
    run = quarantined()
    run.problems = [run.problems[0] | {"record": f"00u{number}"} for number in range(220)]
    run.save()
    page = words(as_person("tomas").get("/sources/").content)
    assert "220 problems" in page
    assert "These are the first 50; manage.py sync --json lists all that a sync meets." in page
    assert "220 records could not be read" in words(as_person("quinn").get("/sources/").content)
    runs = as_person("tomas").get("/sources.json").json()
    assert "220" in str(runs)


def test_a_held_answer_is_released_by_whoever_is_sure(as_person: SignIn) -> None:
    run, client = quarantined(), as_person("tomas")
    address = f"/sources/{run.pk}/release/"
    for form, sentence in (
        ({"reason": "Asked HR <b>."}, "Tick that you have checked it; nothing was released."),
        ({"sure": "yes", "reason": " "}, "Say what you checked; nothing was released."),
    ):
        refused = client.post(address, form)
        assert (refused.status_code, Run.objects.get(pk=run.pk).released) == (400, None)
        assert sentence in words(refused.content)
        assert form["reason"].replace("<b>", "&lt;b&gt;") in refused.content.decode()
    text = words(client.post(address, {"sure": "yes", "reason": "Asked HR."}, follow=True).content)
    released = Run.objects.get(pk=run.pk).released
    assert released is not None
    assert moment(9) <= released < moment(9.01)
    assert "the next sync of this source may be as small as this one" in text
    assert "An answer is held back" not in text
    assert "released by Tomas Okafor , 10 March 2026, 09:00 UTC : Asked HR." in text
    everybody = words(as_person("quinn").get("/sources/").content)
    assert "released, 10 March 2026, 09:00 UTC" in everybody
    assert "Asked HR" not in everybody
    assert client.post(address, {"sure": "yes", "reason": "Again."}).status_code == 404


def test_what_a_held_answer_would_have_done_is_shown_by_kind_and_by_name(as_person: SignIn) -> None:
    run = quarantined()
    run.would = {
        "account": {"ended": 25, "names": [["ended", "Quinn <Abe>", "okta"], ["ended", "Lena Osei", "okta"]]},
        "grant": {"ended": 1, "changed": 1, "names": [["ended", "Lena Osei", "radish"]]},
    }
    run.save()
    page = words(as_person("tomas").get("/sources/").content)
    assert "accounts: 25 gone Gone: Quinn <Abe>; Lena Osei. And 23 more." in page
    assert (
        "memberships and direct assignments: 1 gone, 1 changed Gone: Lena Osei – radish. And 1 more." in page
    )
    assert "Lena Osei – radish" not in words(as_person("nadia").get("/sources/").content)


def test_a_held_answer_is_dropped_with_a_reason(as_person: SignIn) -> None:
    run, client = quarantined(), as_person("tomas")
    refused = client.post(f"/sources/{run.pk}/drop/", {"reason": ""})
    assert refused.status_code == 400
    assert "Say what is wrong with this answer; nothing was dropped." in words(refused.content)
    text = words(client.post(f"/sources/{run.pk}/drop/", {"reason": "Half an answer."}, follow=True).content)
    assert "Dropped: what was known stays, and the next sync is judged afresh." in text
    assert "An answer is held back" not in text
    assert "dropped by Tomas Okafor , 10 March 2026, 09:00 UTC : Half an answer." in text
    assert client.post(f"/sources/{run.pk}/drop/", {"reason": "Again."}).status_code == 404


def test_what_a_later_read_has_settled_cannot_be_released(as_person: SignIn) -> None:
    run = quarantined(7)
    believed(8)
    assert "An answer is held back" not in words(as_person("tomas").get("/sources/").content)
    assert as_person("tomas").post(f"/sources/{run.pk}/release/", {"sure": "yes"}).status_code == 404
    assert as_person("tomas").post("/sources/999999/release/", {"sure": "yes"}).status_code == 404


def test_what_cannot_be_seen_is_said_with_what_to_do(as_person: SignIn) -> None:
    believed(8, not_visible={"event": "403 /api/v1/logs"})
    page = words(as_person("tomas").get("/sources/").content)
    assert "1 part is not visible: that is not the same as empty" in page
    assert "lines of the log: who did what is not known – It takes okta.logs.read; until then" in page
    everybodys = words(as_person("quinn").get("/sources/").content)
    assert "1 part is not visible" in everybodys
    assert "okta.logs.read" not in everybodys


def test_columns_that_nobody_reads_are_counted_and_named_to_admins(as_person: SignIn) -> None:
    believed(8, ignored={"units.csv": {"count": 2, "names": ["budget", "<b>"]}})
    sentence = "units.csv has 2 columns that Sightline does not read: budget, <b>."
    assert sentence in words(as_person("tomas").get("/sources/").content)
    assert "units.csv" not in words(as_person("quinn").get("/sources/").content)


def test_how_far_a_complete_read_is_is_said(as_person: SignIn) -> None:
    believed(8.99, mode="incremental", calls=7, phases={"read": 1.5, "merge": 0.2})
    apps = list(Resource.objects.filter(source="okta", ended=None).order_by("pk"))
    for each in apps[: len(apps) // 2]:
        PartLeft.objects.create(source="okta", kind="grant", owner=each.native_id)
    SourceCursor.objects.create(source="okta", stream="whole", value=moment(2).isoformat())
    SourceCursor.objects.create(source="okta", stream="begun", value=moment(8.99).isoformat())
    left, of = len(apps) // 2, len(apps)
    assert (left, of) == (6, 13)
    page = words(as_person("tomas").get("/sources/").content)
    # Seven of thirteen in 14.4 minutes.
    assert "Complete read: 53 % of groups and apps, about 12 minutes left at this budget." in page
    assert (
        "Memberships 6 lists still to be read 14 minutes ago 7 days ago"
        " App assignments read whole 14 minutes ago 14 minutes ago" in page
    )
    assert "The last complete read began 3 March 2026, 09:00 UTC" in page
    assert "In the last 24 hours: 1 sync, 1 of them with nothing new; 7 calls." in page
    assert "read 1.5, merge 0.2" in page
    others = words(as_person("nadia").get("/sources/").content)
    assert "A complete read is under way." in others
    assert "53 %" not in others
    assert "6 lists" not in others
    assert "In the last 24 hours" not in others


def test_sources_as_json(as_person: SignIn) -> None:
    found = json.loads(as_person("quinn").get("/sources.json").content)
    assert [(each["source"], each["fresh"], len(each["runs"])) for each in found] == [
        ("okta", False, 2),
        ("control", False, 2),
    ]


def test_only_the_last_runs_that_brought_anything_are_shown_and_the_newest(as_person: SignIn) -> None:
    for number in range(20):
        believed(3 + number / 10)
    quiet = json.loads(as_person("quinn").get("/sources.json").content)
    assert [len(each["runs"]) for each in quiet] == [4, 2]
    for number in range(20):
        run = believed(3 + number / 10)
        run.outcome = "applied"
        run.save()
    found = json.loads(as_person("quinn").get("/sources.json").content)
    assert [len(each["runs"]) for each in found] == [8, 2]
    assert found[0]["runs"][0]["started"] == "2026-03-06T06:36:00+00:00"
