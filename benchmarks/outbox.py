"""How many messages a second go out of the outbox into a Slack on loopback that sets no pace."""

from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from notifier import outbox
from notifier.deliver import deliver
from notifier.messages.stories import Item, MoverStory
from notifier.options import Options
from notifier.slack import Slack
from orgmodel.models import Move, Person

from .report import Line, cost
from .workspace import Workspace, address

PEOPLE, EACH = 200, 10
LEAST = 500
"""Messages a second."""
FAST = Options(notify="on", quiet_hours=None, time_zone=ZoneInfo("UTC"), pace_per_second=None)
LINK = "http://127.0.0.1:8000/moves/1/"
ITEMS = (Item("Figma", "Editor", 'because your team is now Cucumber (rule "Cucumber team")'),) * 5


def measure() -> list[Line]:
    """Deliveries a second, beside posting without an outbox; and messages that were lost or doubled."""
    with Workspace(PEOPLE) as workspace:
        slack = Slack(workspace.token, workspace.url)
        people = _people()
        # The first message to somebody also asks who that is; here it is known already.
        _deliver(slack, _plan(people, range(1)))
        posting = LEAST / cost(lambda: _post(slack, LEAST)).wall
        planned = _plan(people, range(1, EACH))
        rate = planned / cost(lambda: _deliver(slack, planned)).wall
        arrived = workspace.arrived()
    floor = arrived.pop("floor")
    astray = abs(LEAST - floor) + abs(PEOPLE * EACH - len(arrived)) + arrived.total() - len(arrived)
    return [
        Line("posting alone, one after another", f"{posting:.0f} a second"),
        Line("messages out of the outbox", f"{rate:.0f} a second", f"{LEAST} a second", LEAST / rate, 1.0),
        Line("messages lost or doubled", str(astray), "0", float(astray), 0.0),
    ]


def _people() -> list[Person]:
    now = timezone.now()
    people = Person.objects.bulk_create(
        Person(key=address(number), name=f"Person {number}", email=address(number), began=now)
        for number in range(PEOPLE)
    )
    times = dict.fromkeys(("opened", "last_change", "settles_at", "settled"), now)
    Move.objects.bulk_create(Move(person=each, kind="mover", state="settled", **times) for each in people)
    return people


def _plan(people: Iterable[Person], rounds: Iterable[int]) -> int:
    now = timezone.now()
    # Every message is about a move, so that the last look at its facts is part of what is measured.
    moves = dict(Move.objects.values_list("person", "pk"))
    drafts = [
        outbox.Draft(
            kind="mover",
            to=person.email,
            recipient_id=person.pk,
            story=MoverStory(LINK, person.name, "Radish", "Cucumber", now.date(), gained=ITEMS, lost=ITEMS),
            dedupe_key=f"{person.pk}-{number}",
            not_before=now,
            deadline=now + timedelta(days=1),
            move_id=moves[person.pk],
        )
        for number in rounds
        for person in people
    ]
    return len(outbox.enqueue(drafts))


def _deliver(slack: Slack, count: int) -> None:
    delivered = deliver(timezone.now(), slack, count, options=FAST)
    if delivered.sent != count:
        raise SystemExit(f"{delivered.sent} of {count} messages were sent: {delivered}")


def _post(slack: Slack, count: int) -> None:
    for _ in range(count):
        slack.post("U0", "Your team is now Cucumber", [], "floor")
