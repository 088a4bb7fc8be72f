"""Each message beside what is true: who gets it, when, which app stands where; and who got none."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from . import answers
from .comparing import Mismatch, plain, possible_in_torn
from .due import CONFIDENTIAL, Case, Due
from .ledger import Ledger
from .persons import direction, moved, standing
from .reasons import lines, untrue
from .telling import Cases, Truth, seen
from .wording import Heard, Json, heard
from .world import ACTORS, full_name

TO_THEMSELVES = {"mover", "joiner", "lost"}
BESIDE = {"new": ("new", "pending"), "has": ("has", "kept", "pending")}
"""Categories that stand in the place of another one: what is in error is not there yet."""
AUTOMATIONS = {each.name for each in ACTORS if each.kind != "User"}
LEVELLED = {"new", "raised", "lowered", "other"}


@dataclass
class Ears:
    """What was said so far, and to whom."""

    cases: Cases
    ledger: Ledger
    ids: set[str] = field(default_factory=set)
    messages: list[tuple[int, Heard]] = field(default_factory=list)
    """Every message with the read after which it was planned."""

    @property
    def number(self) -> int:
        return len(self.cases.history) - 1

    def listen(self, rows: list[Json]) -> Iterator[Mismatch]:
        """The outbox after a read: what is new is looked at, and what should be there by now."""
        history, now = self.cases.history, self.number
        everybody = sorted({email for each in history for email in answers.people(each.books)})
        names = {email: full_name(email) for email in everybody}
        labels = sorted({each.label for stood in history for each in stood.books.apps.values()})
        fresh = [heard(row, names, labels) for row in rows if row["id"] not in self.ids]
        self.ids |= {row["id"] for row in rows}
        for each in fresh:
            yield from self.reader(each)
            self.messages.append((now, each))
            if len(each.about) == 1 and not each.correction:
                yield from self.content(each, each.about[0])
        for email, ways in self.cases.due():
            found = [
                [wrong for wanted in due for wrong in self.missing(email, case, wanted)] for case, due in ways
            ]
            if all(found):
                yield from found[0]
                self.cases.late.setdefault(email, ways[0][0])
        for each in fresh:
            if len(each.about) == 1:
                email = each.about[0]
                if not each.held:
                    self.cases.told_at[email] = now
                self.cases.late.pop(email, None)
                if opened := self.cases.open.get(email):
                    self.cases.close(email, opened, now)

    def missing(self, email: str, case: Case, due: Due) -> Iterator[Mismatch]:
        """A message that should be there, or a correction instead of it."""
        # What is completed is told to the person again, to others only where it differs for them.
        had, has = (answers.apps(self.cases.history[each].books, email) for each in (case.alone, self.number))
        since = case.alone if due.kind in TO_THEMSELVES and had != has else case.base
        for read, each in self.messages:
            about = read > since and email in each.about and each.to in due.to
            if about and (each.correction or each.kind == due.kind):
                return
        question = f"message {due.kind} about {email} to {plain(set(due.to))}"
        opened = self.cases.history[case.opened].at
        others = [
            f"{each.kind} to {each.to}"
            for read, each in self.messages
            if read > since and email in each.about
        ]
        yield Mismatch(
            question, f"told by now, seen since {opened:%d %b %H:%M}", ", ".join(others) or "nothing"
        )

    def reader(self, each: Heard) -> Iterator[Mismatch]:
        """Nobody who has left is written to; only a manager, of then or of now, hears of somebody."""
        question, history = f"message {each.kind} to {each.to}", self.cases.history
        if all(answers.has_left(books, each.to) for books in (history[-1].before, history[-1].books)):
            yield Mismatch(question, "nobody who has left is written to", each.text)
        if each.kind in TO_THEMSELVES or each.kind in {"admin", "digest"}:
            return
        reports = [email for email in each.about if each.to in self.managers(email)]
        if len(reports) != len(each.about) or not reports:
            yield Mismatch(question, f"told to a manager of {list(each.about)}", each.text)
        if any(label in each.shown for label in CONFIDENTIAL):
            yield Mismatch(question, f"nothing of {', '.join(CONFIDENTIAL)}", each.text)

    def managers(self, email: str) -> set[str | None]:
        """Everybody who ever was the manager, or hears in the place of one who has left."""
        now = self.cases.history[-1].books
        return {
            each
            for stood in self.cases.history
            for books in (stood.before, stood.books)
            if email in answers.people(books)
            for each in {answers.boss(books, email), *answers.hearers(books, email, now)}
        }

    def content(self, each: Heard, email: str) -> Iterator[Mismatch]:
        """One message about one person: whether there is a case, whether it is time, and each app."""
        question = f"message {each.kind} about {email} to {each.to}"
        case = self.cases.late.get(email) or self.cases.open.get(email)
        if case is None:
            yield Mismatch(question, "nothing that has to be told", each.shown)
            return
        if case.opened == self.number:
            yield Mismatch(question, "nothing before a later read confirms it", each.shown)
        elif not self._unsure(email, case.base) and self.cases.waits(email, case, self.number):
            yield Mismatch(question, "nothing before HR and Okta agree", each.shown)
        found = [
            [*self.kind(question, each, email, way), *self.apps(question, each, email, way)]
            for way in self.cases.ways(email, case)
        ]
        yield from found[0] if all(found) else ()

    def _unsure(self, email: str, base: int) -> bool:
        return any(self.cases.unsure(email, each) for each in (base, self.number))

    def kind(self, question: str, each: Heard, email: str, case: Case) -> Iterator[Mismatch]:
        """Whether it is the right story, and the right reader."""
        base = self.base(email, case)
        was, now = self.cases.history[base], self.cases.history[-1]
        if self._unsure(email, base):
            return
        known = email in answers.people(was.books)
        went = moved(was.books, now.books, email)
        old = answers.hearers(was.books, email, now.books) if known else set()
        new = answers.hearers(now.books, email, now.books) if email in answers.people(now.books) else set()
        one, other = standing(was.books, email, was), standing(now.books, email, now)
        came = one in {"absent", "pending", "ended"} or self.cases.closed(was.books, email)
        right = {
            "mover": went,
            "lost": not went,
            "old_manager": went and each.to in old and old != new,
            "new_manager": each.to in new and old != new,
            "joiner": other == "active" and came,
            "joiner_manager": other == "active" and came and each.to in new,
            "leaver_manager": other in {"ended", "absent"} and one != "ended" and each.to in old | new,
        }
        if not right.get(each.kind, True):
            facts = f"moved: {went}; manager: {old} → {new}; {one} → {other}"
            yield Mismatch(question, f"another kind, or reader ({facts})", each.shown)

    def base(self, email: str, case: Case) -> int:
        return self.cases.base(email, case, self.number)

    def apps(self, question: str, each: Heard, email: str, case: Case) -> Iterator[Mismatch]:
        """Every app of the message in its category, and every app that belongs into one."""
        history, open_to = self.cases.history, each.kind in TO_THEMSELVES
        base = self.base(email, case)
        since = (
            min(base, self.cases.told_at.get(email, 0))
            if base != case.alone
            else self.cases.told_at.get(email, 0)
        )
        now, confirmed = (seen(history[number], email, possible_in_torn) for number in (-1, -2))
        earlier = [seen(stood, email, possible_in_torn) for stood in history[since:-1]]
        ids = {app.label: app.id for stood in history for app in stood.books.apps.values()}
        coming = self.cases.coming(email, base, self.number)
        for category, labels in each.apps.items():
            for label, level in labels.items():
                if category == "pending" and coming.get(ids[label]) == (level or coming.get(ids[label], "")):
                    continue
                if why := misplaced(category, ids[label], level, now, confirmed, earlier):
                    yield Mismatch(f"{question}, {label} under {category}", why, each.shown)
        if any(self.cases.unsure(email, each) for each in (base, self.number, self.number - 1)):
            return
        if self.ledger.causes:
            # What was gained before the case opened, and not told, is told with it.
            yield from self.causes(question, each, email, ids, min(base, since))
        if not each.whole:
            return
        for category, wanted in self.wanted(each.kind, email, base).items():
            names = {history[-1].books.apps[app].label for app in wanted if app in history[-1].books.apps}
            names -= set() if open_to else set(CONFIDENTIAL)
            there = {label for also in BESIDE.get(category, (category,)) for label in each.apps.get(also, {})}
            if not names <= there:
                yield Mismatch(f"{question}, {category}", plain(names), each.shown)

    def causes(
        self, question: str, each: Heard, email: str, ids: dict[str, str], base: int
    ) -> Iterator[Mismatch]:
        """Why each app stands where it does."""
        for category, causes in each.causes.items():
            for line in lines(category, dict(causes), ids):
                if wrong := untrue(line, email, self.ledger, base):
                    yield Mismatch(f"{question}, {line.app} under {category}, why", wrong, line.text)

    def wanted(self, kind: str, email: str, base: int) -> dict[str, set[str]]:
        """The apps that each category must hold; more may stand there, where that is true."""
        was, confirmed, now = (self.cases.history[number].books for number in (base, -2, -1))
        before, mid, after = (answers.apps(books, email) for books in (was, confirmed, now))
        if kind in {"joiner", "joiner_manager", "new_manager"}:
            return {"has": {app for app, level in after.items() if mid.get(app) == level}}
        if kind not in {"mover", "lost"}:
            return {}
        found: dict[str, set[str]] = {"gone": before.keys() - mid.keys() - after.keys()}
        if kind == "mover":
            found["new"] = {app for app in after.keys() & mid.keys() if app not in before}
        for app in before.keys() & after.keys():
            level = before[app], after[app]
            waits = app in answers.hanging(now, email)
            if level[0] != level[1] and mid.get(app) == level[1] and not waits:
                found.setdefault(direction(*level), set()).add(app)
        if kind == "lost":
            found.pop("raised", None)
        same = {
            app for app in before.keys() & mid.keys() & after.keys() if before[app] == mid[app] == after[app]
        }
        if kind == "mover":
            found["kept"] = {
                app
                for app in same
                if not answers.explained(now, email, app) and not self.automated(email, app)
            }
            later, sooner = (self.cases.coming(email, base, self.number - back) for back in (0, 1))
            found["pending"] = {app for app in later if app not in after and sooner.get(app) == later[app]}
        return found

    def automated(self, email: str, app: str) -> bool:
        """An automation gave one of the ways to it, and may take it away: nobody knows that it stays."""
        for through in answers.through(self.cases.history[-1].books, email)[app]:
            thing = ("", app) if through == answers.DIRECT else (through, "")
            began = [
                event.because.actor
                for event in self.ledger.events
                if event.verb == "began" and (event.email, event.thing, event.app) == (email, *thing)
            ]
            if began and began[-1] in AUTOMATIONS:
                return True
        return False


def misplaced(category: str, app: str, level: str, now: Truth, confirmed: Truth, earlier: list[Truth]) -> str:
    """What is wrong with an app that stands in this category; empty: nothing."""
    return next(_untruths(category, app, level, now, confirmed, earlier), "")


def _untruths(
    category: str, app: str, level: str, now: Truth, confirmed: Truth, earlier: list[Truth]
) -> Iterator[str]:
    if category == "gone":
        if app in now and app in confirmed:
            yield "not held now"
        if not any(app in each for each in earlier):
            yield "held before"
    if category in {"gone", "manual", "", "back"}:
        return
    both = now.get(app, frozenset()) & confirmed.get(app, frozenset())
    if not both:
        yield "held by this read and the one before"
    if level and level not in both:
        yield f"held as {plain(both)}"
    if category in LEVELLED and all(each.get(app) == now[app] for each in earlier):
        yield "new, or at another level"
    ways = {direction(old, new) for each in earlier for old in each.get(app, ()) for new in both} - {""}
    if category in LEVELLED - {"new"} and category not in ways:
        yield f"levels went {plain(ways)}"
    if category == "new" and all(app in each for each in earlier):
        yield "not held before"
