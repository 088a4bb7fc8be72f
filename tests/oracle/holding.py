"""Messages that are held: nothing goes out; released, only what is still true does; dropped, nothing ever.

The last act of a play: NOTIFY is set to hold, or there is a mass change; things go on, and somebody decides.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sandbox.slack.workspace import Post

from . import answers, asking
from .asking import Json
from .comparing import Mismatch, plain, possible_in_torn
from .founding import FRONT_DESK
from .hearing import misplaced
from .ledger import Stood
from .telling import Truth, seen
from .wording import Heard, heard
from .world import full_name

REASON = "the move of the office is called off"
WHO = "Ada Admin"


@dataclass
class Held:
    """`turn`: something happens; `read`: Sightline reads; `mass`: all get, or lose, an app; gives which."""

    history: Sequence[Stood]
    posts: Callable[[], list[Post]]
    turn: Callable[[], None]
    read: Callable[[], None]
    mass: Callable[[str], str]
    say: Callable[[str], None]

    def tell(self) -> Iterator[list[Mismatch]]:
        """Three times: held by the settings and released, held as a mass and released, held and dropped."""
        for let_go, hold in ((True, asking.held), (True, asking.masses), (False, asking.held)):
            known = {row["id"] for row in asking.messages()}
            sent = len(self.posts())
            with hold():
                app = self.mass("")
                for _ in range(2):
                    self.turn()
                self.read()
                self.read()
                rows = self.held(known)
                yield list(self.silent(sent, rows, app if hold is asking.masses else ""))
                self.turn()
                if hold is asking.masses:
                    self.mass(app)  # As it was before: what is held is no longer true.
                self.read()
                rows = self.held(known)
                yield list(self.silent(sent, rows, app if hold is asking.masses else ""))
            yield list(self.decided(rows, sent, let_go=let_go))

    @staticmethod
    def held(known: set[str]) -> list[Json]:
        """What is held and was not known before; plans and delivers first."""
        return [row for row in asking.messages() if row["id"] not in known and row["state"] == "held"]

    def silent(self, sent: int, rows: list[Json], app: str = "") -> Iterator[Mismatch]:
        """Nothing was delivered; of a mass change, nothing about its app: what else is told goes on.

        What all gain is no mass of messages: then none is held, and what is told of it is told.
        """
        words = self.history[-1].books.apps[app].label if app else ""
        if app and not any(words in row["text"] for row in rows):
            return
        more = [each.text for each in self.posts()[sent:]]
        if more := [text for text in more if words in text]:
            yield Mismatch("messages while held", "nothing sent", plain(more))

    def decided(self, rows: list[Json], sent: int, *, let_go: bool) -> Iterator[Mismatch]:
        """What comes of the messages that were held."""
        ids = {row["id"] for row in rows}
        asking.decide(ids, WHO, REASON, let_go=let_go)
        asking.messages()
        self.read()  # What changed while they were held is confirmed by then.
        after = [row for row in asking.messages() if row["id"] in ids]
        states = Counter(row["state"] for row in after)
        self.say(f"     {'released' if let_go else 'dropped'}: {plain(dict(states))}")
        if let_go:
            for row in [each for each in after if each["state"] == "sent"]:
                yield from self.true(row)
            return
        for text in {each.text for each in self.posts()[sent:]} & {row["text"] for row in rows}:
            yield Mismatch("messages after they were dropped", "not sent", text)
        for row in [each for each in after if each["state"] != "suppressed"]:
            yield Mismatch(f"message {row['kind']} to {row['to']}, dropped", "suppressed", row["state"])
        for each in sorted(ids):
            if (WHO, REASON) not in asking.acts(each):
                yield Mismatch(f"message {each}, dropped", f"{WHO}: {REASON}", asking.acts(each))

    def true(self, row: Json) -> Iterator[Mismatch]:
        """Every app of a released message stands where it is true now."""
        each = self.heard(row)
        if len(each.about) != 1 or each.to == FRONT_DESK:
            return
        moments = [seen(stood, each.about[0], possible_in_torn) for stood in self.history]
        ids = {app.label: app.id for stood in self.history for app in stood.books.apps.values()}
        now: Truth = moments[-1]
        for category, labels in each.apps.items():
            for label, level in labels.items():
                if why := misplaced(category, ids[label], level, now, now, moments[:-1]):
                    question = f"message {each.kind} about {each.about[0]} to {each.to}, released"
                    yield Mismatch(f"{question}, {label} under {category}", why, each.shown)

    def heard(self, row: Json) -> Heard:
        everybody = {email for stood in self.history for email in answers.people(stood.books)}
        labels = sorted({each.label for stood in self.history for each in stood.books.apps.values()})
        return heard(row, {email: full_name(email) for email in sorted(everybody)}, labels)
