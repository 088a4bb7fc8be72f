"""The brake for mass changes: nothing of a batch slips through, whenever and however often is planned."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from notifier import acts, mass
from notifier.acts import Actor
from notifier.deliver import deliver
from notifier.models import MassCase, MassChange, Outbox, OutboxAct
from notifier.plan import Planned, plan
from notifier.slack import Slack
from orgmodel.configuration import Configuration
from orgmodel.conventions import Conventions, Notify
from orgmodel.models import ManagerLine, Move, Person, Run
from sandbox.slack.server import SlackServer

from .conftest import NOW, ON, after, person

pytestmark = pytest.mark.django_db

LIMITS = Notify(settle_minutes=30, quiet_hours=None, mass_change_people=5, mass_change_share=99.0)
HERE = replace(Configuration(entrance="tests"), notify="on", conventions=Conventions(notify=LIMITS))
TOMAS = Actor("Tomas Okafor")
OPTIONS = replace(ON, configuration=HERE)


@pytest.fixture(autouse=True)
def admins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bo is the admin."""
    monkeypatch.setattr("notifier.alarms.admins", lambda _: Person.objects.filter(key="bo"))
    monkeypatch.setattr("notifier.last_look.admins", lambda _: Person.objects.filter(key="bo"))
    person("bo")


def leave(*keys: str, at: datetime = NOW, settled: datetime | None = None) -> None:
    """People whom Ada leads leave; each is one case that comes to one message to Ada."""
    ada = Person.objects.filter(key="ada").first() or person("ada")
    for key in keys:
        who = person(key, status="ended", manager=ada)
        run, _ = Run.objects.get_or_create(source="hris", defaults={"started": NOW})
        ManagerLine.objects.create(person=who, manager=ada, began=NOW - timedelta(days=9), run_began=run)
        Move.objects.create(
            person=who,
            kind="leaver",
            opened=at,
            last_change=at,
            settles_at=settled or at + timedelta(minutes=30),
        )


def message_states() -> dict[str, int]:
    """How many messages to Ada are in which state."""
    rows = Outbox.objects.filter(kind="leaver_manager").values_list("state", flat=True)
    return {state: list(rows).count(state) for state in set(rows)}


def test_a_batch_that_settles_case_by_case_is_held_whole_and_asked_about_once(
    server: SlackServer, slack: Slack
) -> None:
    for number in range(9):
        leave(f"p{number}", settled=after(minutes=number))
    for minute in range(12):
        plan(HERE, after(minutes=minute))
        deliver(after(minutes=minute), slack, options=OPTIONS)
    assert message_states() == {"held": 9}
    assert [(post.user_id, post.text.splitlines()[0]) for post in server.posts] == [
        ("U02", "Messages about 9 people are held.")
    ]


def test_five_people_are_told_and_the_sixth_holds_what_is_not_sent_yet(
    server: SlackServer, slack: Slack
) -> None:
    leave("a", "b", "c", "d", "e", settled=NOW)
    assert plan(HERE, NOW) == Planned(moves=5, messages=5, held=0)
    leave("f", at=after(minutes=20), settled=after(minutes=20))
    plan(HERE, after(minutes=20))
    deliver(after(minutes=20), slack, options=OPTIONS)
    assert message_states() == {"held": 6}
    assert MassChange.objects.get().over == "more than 5 people"


def test_what_was_counted_an_hour_ago_is_no_part_of_a_batch(slack: Slack) -> None:
    leave("a", "b", "c", "d", "e", settled=NOW)
    plan(HERE, NOW)
    leave("f", at=after(minutes=61), settled=after(minutes=61))
    plan(HERE, after(minutes=61))
    assert message_states() == {"planned": 6}


def test_one_person_is_never_a_mass() -> None:
    leave("a", settled=NOW)
    nobody = replace(HERE, conventions=Conventions(notify=replace(LIMITS, mass_change_share=0.0)))
    assert plan(nobody, NOW).held == 0
    leave("b", settled=NOW)
    plan(nobody, NOW)
    assert message_states() == {"held": 2}


def test_later_cases_join_while_it_is_undecided_and_are_released_with_it(
    server: SlackServer, slack: Slack
) -> None:
    leave("a", "b", "c", "d", "e", "f", settled=NOW)
    plan(HERE, NOW)
    leave("late", at=after(minutes=40), settled=after(minutes=90))
    plan(HERE, after(minutes=40))
    batch = MassChange.objects.get()
    assert (batch.people, message_states()) == (7, {"held": 6})

    assert acts.decide_mass(batch.pk, TOMAS, "planned by HR", let_go=True) == 6
    plan(HERE, after(minutes=90))
    deliver(after(minutes=90), slack, options=OPTIONS)
    assert message_states() == {"suppressed": 7}
    (post,) = server.posts
    assert post.text.splitlines()[0] == "Seven people left the company on 3 March."
    assert [(each.act, each.reason, each.count) for each in acts.acts()] == [("release", "planned by HR", 6)]


def test_who_decides_stands_with_it_also_where_nothing_was_held_yet() -> None:
    batch = MassChange.objects.create(opened=NOW, last_joined=NOW, people=6, over="more than 5 people")
    assert acts.decide_mass(batch.pk, TOMAS, "an error of HR", let_go=False) == 0
    decided = OutboxAct.objects.values_list("mass", "act", "who", "reason", "count")
    assert list(decided) == [(batch.pk, "drop", "Tomas Okafor", "an error of HR", 0)]
    assert acts.decide_mass(batch.pk, TOMAS, "again", let_go=True) == 0
    assert acts.decide_mass(batch.pk + 1, TOMAS, "of nothing", let_go=True) == 0
    assert (OutboxAct.objects.count(), MassChange.objects.get().decision) == (1, "dropped")


def test_what_comes_after_a_drop_is_held_and_not_sent(slack: Slack) -> None:
    leave("a", "b", "c", "d", "e", "f", settled=NOW)
    leave("late", settled=after(minutes=30))
    plan(HERE, NOW)
    acts.decide_mass(MassChange.objects.get().pk, TOMAS, "an error of HR", let_go=False)
    plan(HERE, after(minutes=30))
    deliver(after(minutes=30), slack, options=OPTIONS)
    assert message_states() == {"suppressed": 6, "held": 1}


def test_a_released_batch_does_not_count_again() -> None:
    leave("a", "b", "c", "d", "e", "f", settled=NOW)
    plan(HERE, NOW)
    acts.release(mass.held(MassChange.objects.get().pk), TOMAS)
    leave("next", at=after(minutes=5), settled=after(minutes=5))
    plan(HERE, after(minutes=5))
    assert message_states() == {"planned": 7}


class Died(BaseException):
    """Stands for kill -9: what was not committed is gone."""


@contextmanager
def dying_at(statement: int) -> Iterator[None]:
    left = [statement]

    def count(execute: Callable[..., Any], *call: Any) -> Any:
        left[0] -= 1
        if left[0] == -1:  # what follows is the database's own rolling back
            raise Died
        return execute(*call)

    with connection.execute_wrapper(count):
        yield


@pytest.mark.no_cover
def test_a_planner_that_dies_at_any_statement_lets_nothing_through(server: SlackServer, slack: Slack) -> None:
    few = replace(HERE, conventions=Conventions(notify=replace(LIMITS, mass_change_people=2)))
    leave("a", "b", "c", settled=NOW)
    statement, finished = 0, False
    while not finished:
        OutboxAct.objects.all().delete()
        Outbox.objects.all().delete()
        MassCase.objects.all().delete()
        MassChange.objects.all().delete()
        Move.objects.update(state="open", settled=None)
        server.posts.clear()
        try:
            with dying_at(statement):
                plan(few, NOW)
            finished = True
        except Died:
            deliver(NOW, slack, options=OPTIONS)
            plan(few, after(minutes=1))
        deliver(after(minutes=1), slack, options=OPTIONS)
        assert message_states() == {"held": 3}, f"died at statement {statement}"
        statement += 7
    to_admin = [post for post in server.posts if post.user_id == "U01"]
    assert to_admin == []
    assert statement > 50, "it died often enough"


@pytest.mark.django_db(transaction=True)
def test_two_planners_at_once_are_one(slack: Slack) -> None:
    leave(*"abcdefghi", settled=NOW)

    def work() -> None:
        try:
            plan(HERE, NOW)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert message_states() == {"held": 9}
    assert MassChange.objects.count() == 1
    assert Outbox.objects.filter(kind="admin").count() == 1
