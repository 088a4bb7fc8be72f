"""Findings over time: the same one through renames, sightings, gone, back, decided, and not visible."""

from datetime import timedelta

import pytest
from django.db import connection

from orgmodel.facts import Fact
from orgmodel.models import Finding
from orgmodel.queries.findings.lists import events, findings
from orgmodel.reconcile.detectors import DETECTORS, Found
from orgmodel.sync import decisions
from orgmodel.sync.findings import refresh_findings
from orgmodel.sync.runs import read_and_apply
from tests.orgmodel.sync.world import FactsReader, account, group, member, moment, rule, seat

from .company import (
    ALL_COVERED,
    CONVENTIONS,
    NADIA,
    NADIA_HR,
    OKTA,
    PEOPLE,
    QUINN,
    QUINN_HR,
    only,
    standing,
    tell,
    without,
)

pytestmark = pytest.mark.django_db

FED: list[Fact] = [
    group("00gfed", "figma-users"),
    rule("0prfed", "Figma users", 'user.title == "Engineer"', "00gfed"),
    member("quinn", "00gfed", "0prfed"),
]
BY_HAND: list[Fact] = [*OKTA, *FED, member("nadia", "00gfed")]

BY = decisions.Decider(None, moment(0), "agreed with legal")


def versions() -> set[tuple[str, str]]:
    """The place of each finding's row in its table, which is another one once it is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT fingerprint, ctid::text FROM orgmodel_finding")
        return set(cursor.fetchall())


def test_a_fingerprint_is_the_hash_of_detector_and_native_ids() -> None:
    tell(BY_HAND)
    # printf 'hand-made-member\x1f00gfed\x1fnadia' | sha256sum
    assert only().fingerprint == "a16d28357ad00218"


def test_a_rename_of_everybody_and_everything_keeps_the_finding() -> None:
    tell(BY_HAND)
    before = only()
    renamed = [
        *without(BY_HAND, FED[0], NADIA),
        group("00gfed", "design-tools"),
        account("nadia", "Nadia Osei", title="Designer", team="radish", manager_ref="lena"),
    ]
    people = [*without(PEOPLE, NADIA_HR), NADIA_HR._replace(name="Nadia Osei")]
    tell(renamed, people, day=1)
    after = only()
    assert (after.pk, after.fingerprint) == (before.pk, before.fingerprint)
    assert after.sentence.startswith("design-tools: Nadia Osei was added directly")
    assert (after.first_seen, after.last_seen) == (before.first_seen, moment(1) + timedelta(microseconds=4))


def test_sightings_count_reads_not_looks() -> None:
    tell(BY_HAND)
    assert only().sightings == 1
    refresh_findings(CONVENTIONS, "hris", moment(0.5), ALL_COVERED)
    assert only().sightings == 1
    tell(BY_HAND, day=1)
    assert only().sightings == 2
    tell(BY_HAND, day=2)
    refresh_findings(CONVENTIONS, "hris", moment(2.5), ALL_COVERED)
    (finding,) = findings(fingerprint=only().fingerprint)
    assert (finding.sightings, finding.last_seen) == (3, moment(2.5))


def test_a_finding_that_stands_as_it_stood_is_not_written() -> None:
    tell(BY_HAND)
    tell(BY_HAND, day=1)
    before = versions()
    tell(BY_HAND, day=2)
    assert versions() == before
    decisions.accept(only().fingerprint, moment(100), BY)
    Finding.objects.update(sentence="as it was said before")
    tell(BY_HAND, day=3)
    assert only().sentence != "as it was said before"
    assert versions() != before


def test_what_is_gone_was_seen_when_somebody_last_looked() -> None:
    tell(BY_HAND)
    for day in (1, 2):
        tell(BY_HAND, day=day)
    tell([*OKTA, *FED], day=3)
    (finding,) = findings(fingerprint=Finding.objects.get().fingerprint)
    assert (finding.state, finding.sightings) == ("resolved", 3)
    assert finding.last_seen - moment(2) < timedelta(seconds=1)


def test_gone_is_resolved_and_back_is_open_since_the_first_time() -> None:
    tell(BY_HAND)
    first = only().first_seen
    assert tell([*OKTA, *FED], day=1) == {}
    gone = Finding.objects.get()
    assert (gone.state, gone.resolved_at) == ("resolved", gone.last_seen + timedelta(days=1))
    tell(BY_HAND, day=2)
    back = only()
    assert (back.pk, back.state, back.resolved_at) == (gone.pk, "open", None)
    assert (back.first_seen, back.sightings) == (first, 1)


@pytest.mark.parametrize("state", ["acknowledged", "accepted"])
def test_what_was_decided_holds_until_its_date(state: str) -> None:
    tell(BY_HAND)
    {"acknowledged": decisions.acknowledge, "accepted": decisions.accept}[state](
        only().fingerprint, moment(2), BY
    )
    tell(BY_HAND, day=1)
    assert (only().state, only().until) == (state, moment(2))
    tell(BY_HAND, day=2)
    assert (only().state, only().until) == ("open", None)


def test_an_accepted_finding_that_goes_and_comes_back_is_open() -> None:
    tell(BY_HAND)
    decisions.accept(only().fingerprint, moment(100), BY)
    tell([*OKTA, *FED], day=1)
    tell(BY_HAND, day=2)
    assert (only().state, only().until) == ("open", None)


def test_an_acceptance_has_a_reason_and_stays_on_record() -> None:
    tell(BY_HAND)
    fingerprint = only().fingerprint
    with pytest.raises(decisions.Refused, match="Say why this may stay"):
        decisions.accept(fingerprint, moment(9), decisions.Decider(None, moment(0), "  "))
    assert events(fingerprint) == ()
    decisions.accept(fingerprint, moment(9), BY)
    decisions.reopen(fingerprint, decisions.Decider(None, moment(1)))
    assert [(each.act, each.reason, each.until) for each in events(fingerprint)] == [
        ("open", "", None),
        ("accepted", "agreed with legal", moment(9)),
    ]


def test_nothing_is_decided_about_what_is_resolved() -> None:
    tell(BY_HAND)
    fingerprint = only().fingerprint
    tell([*OKTA, *FED], day=1)
    with pytest.raises(decisions.Refused, match="nothing left to decide"):
        decisions.accept(fingerprint, moment(9), BY)
    assert Finding.objects.get().state == "resolved"
    assert events(fingerprint) == ()


def test_what_is_not_visible_is_neither_found_nor_resolved() -> None:
    tell(BY_HAND)
    found = standing()
    assert tell([*OKTA, *FED], day=1, uncovered=frozenset({"grant"})) == found
    assert only().last_seen < moment(1)
    assert tell([*OKTA, *FED], day=2) == {}


def test_nothing_is_found_where_the_kind_is_not_visible() -> None:
    assert tell(BY_HAND, uncovered=frozenset({"grant"})) == {}
    seats = [*OKTA, seat("nadia", "0oafigma")]
    assert tell(seats, day=1, uncovered=frozenset({"seat"})) == {}
    assert set(tell(seats, day=2)) == {"app-direct"}


def test_what_the_last_applied_run_did_not_see_stays_unseen_when_another_source_is_read() -> None:
    reader = FactsReader(BY_HAND, "okta", 500)
    reader.report.not_visible = {"grant": "The token may not read members."}
    read_and_apply(reader, CONVENTIONS, "okta", now=moment(0))
    refresh_findings(CONVENTIONS, "okta", moment(0), ALL_COVERED)
    assert "empty-group" not in standing()


def test_a_source_that_was_never_applied_is_not_judged() -> None:
    left = [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(status="ended")]
    read_and_apply(FactsReader(left, "hris", 500), CONVENTIONS, "hris", now=moment(0))
    refresh_findings(CONVENTIONS, "hris", moment(0), ALL_COVERED)
    # Okta was not read: who is still active there, or without a group, is not known.
    assert standing() == {}


def test_a_detector_that_is_no_more_takes_its_findings_along() -> None:
    tell(BY_HAND)
    Finding.objects.update(detector="of-old")
    tell(day=1)
    assert set(Finding.objects.values_list("detector", "state")) == {("of-old", "resolved")}


def test_a_stale_source() -> None:
    tell()
    read_and_apply(FactsReader(OKTA, "okta", 500), CONVENTIONS, "hris", now=moment(1.5))
    read_and_apply(FactsReader(PEOPLE, "hris", 500), CONVENTIONS, "hris", now=moment(1.5))
    refresh_findings(CONVENTIONS, "hris", moment(1.5), ALL_COVERED)
    assert standing() == {"stale-source": ["The source control was last read on 2026-03-01."]}
    tell(day=2)
    assert standing() == {}


def test_a_finding_that_two_rows_give_is_one() -> None:
    one = DETECTORS["hand-made-member"]
    assert one.fingerprint(Found(("a", "b"), "x")) == one.fingerprint(Found(("a", "b"), "y", severity="low"))
    assert one.fingerprint(Found(("a", "b"), "x")) != one.fingerprint(Found(("ab",), "x"))
    assert one.fingerprint(Found(("a",), "x")) != DETECTORS["app-direct"].fingerprint(Found(("a",), "x"))


def test_hostile_names_make_short_sentences_on_one_line() -> None:
    hostile = "<!channel>\n<script>" + "x" * 10_000
    quinn = QUINN._replace(name=hostile)
    okta = [*without(OKTA, QUINN), quinn, *FED[:2], member("quinn", "00gfed")]
    sentences = tell(okta, [*without(PEOPLE, QUINN_HR), QUINN_HR._replace(name=hostile)])["hand-made-member"]
    assert len(sentences) == 1
    assert "\n" not in sentences[0]
    assert len(sentences[0]) < 300
