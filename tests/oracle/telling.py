"""Who has to be told what, and when: the product's promise about messages, worked out from the books alone.

A case of a person opens with the read that first sees a move, another manager, a beginning, an end, a return,
or access lost or lowered. It is to be told once a later read says the same and HR and Okta agree, or once the
longest wait is over. What is told before they agree is unfinished: what rules or records bring within a
fortnight completes it, and is told with it as one.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from . import answers
from .books import GONE, Books
from .due import COMPLETED, LONGEST, Case, Due, to_managers, visibly
from .ledger import Stood
from .persons import face, lost, moved, standing

Truth = Mapping[str, frozenset[str]]
"""App → the levels at which a read may have seen it."""


@dataclass
class Cases:
    """The open cases of everybody. `history`: all reads so far, the newest last."""

    history: Sequence[Stood]
    recorded: bool
    """Whether HR keeps records of its own."""
    open: dict[str, Case] = field(default_factory=dict)
    late: dict[str, Case] = field(default_factory=dict)
    """Cases of which something should have been told, and was not."""
    told_at: dict[str, int] = field(default_factory=dict)
    """The last read after which somebody was told of a person."""
    half: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Unfinished stories: the last read before each, and the one after which it was closed."""

    def read(self) -> None:
        """One more read: cases open."""
        number = len(self.history) - 1
        if number < 1:
            return
        moments = self.history[number - 1], self.history[number]
        for email in sorted({each for stood in moments for each in answers.people(stood.books)}):
            if email not in self.open and self.opens(email, number):
                self.open[email] = Case(number - 1, number, number - 1)
            if (whole := self.completes(email, number)) is not None:
                known = self.open.get(email, Case(whole, number, number - 1))
                perhaps = self.unsure(email, self.half[email][1])
                self.open[email] = replace(known, base=whole, perhaps_whole=perhaps)

    def completes(self, email: str, number: int) -> int | None:
        """The last read before the unfinished story whose other half this read brings, or a part of it."""
        base, closed = self.half.get(email, (0, -1))
        if closed < 0 or self.history[number].at - self.history[closed].at > COMPLETED:
            return None
        before, after = (self.history[each].books for each in (number - 1, number))
        one, other = before.accounts.get(email), after.accounts.get(email)
        had, has = (set(each.ruled) if each else set() for each in (one, other))
        taken = {
            group
            for rule in after.rules.values()
            if rule.id in before.rules and email in rule.excluded - before.rules[rule.id].excluded
            for group in rule.targets
        }
        given = bool((had ^ has) - taken)
        # What came during the read before, only this one may have seen.
        known = [self._records(email, books) for books in self._sights(email, number - 1)]
        records = any(each != self._records(email, after) for each in known)
        if all(self._is_loss(email, base, each) for each in (closed, number)):
            return None  # One loss after another completes nothing.
        return base if given or (records and email in self.open) else None

    def _is_loss(self, email: str, base: int, number: int) -> bool:
        """No more than that came of what happened between two reads."""
        went = moved(self.history[base].books, self.history[number].books, email)
        return not (went or self.unsure(email, base)) and {
            due.kind for due in self._since(email, base, number)
        } <= {"lost"}

    def close(self, email: str, case: Case, number: int) -> None:
        """It has been told, or should have been."""
        self.open.pop(email, None)
        if case.base != case.alone:
            self.half.pop(email, None)
        one, other = self.history[case.base].before, self.history[number].books
        heard = self.unsure(email, case.base) or any(self._since(email, case.base, number))
        if (heard or moved(one, other, email)) and self._waited(email, case, number):
            # Of what nothing came to be told yet, all is still to be told.
            self.half[email] = case.alone if heard else case.base, number

    def _waited(self, email: str, case: Case, number: int) -> bool:
        """HR and Okta did not agree, or, where they came to during the read, may not have for it."""
        return any(self._apart(email, case, books) for books in self._sights(email, number))

    def opens(self, email: str, number: int) -> bool:
        """Whether there is something in this read that opens a case.

        What happened during the read before, after which somebody was told, may be seen only now.
        """
        was, now = self.history[number - 1], self.history[number]
        late = was.torn and self.told_at.get(email) == number - 1
        return self._differs(email, was, now) or (
            late and self._differs(email, Stood(was.at, was.before, was.before), was)
        )

    def _differs(self, email: str, was: Stood, now: Stood) -> bool:
        before, after = was.books, now.books
        one, other = standing(before, email, was), standing(after, email, now)
        if {one, other} & {"absent", "ended", "pending"}:
            return one != other and {one, other} != {"absent", "ended"}
        return (
            answers.units(before, email) != answers.units(after, email)
            or answers.manager(before, email) != answers.manager(after, email)
            or self.closed(before, email) != self.closed(after, email)
            or lost(before, after, email)
        )

    @staticmethod
    def closed(books: Books, email: str) -> bool:
        """The Okta account is deactivated, or there is none."""
        return email not in books.accounts or books.accounts[email].status == GONE

    def quiet(self, email: str, case: Case, number: int) -> bool:
        """Whether the read before said the same, also of what opens these apps: everything is confirmed."""
        one, other = self.history[number - 1], self.history[number]
        moments = self.history[case.base], one, other
        apps = {app for stood in moments for app in answers.apps(stood.books, email)}
        # A read during which nothing happened that is theirs is as good as a whole one.
        books = (one.before, one.books, other.before, other.books)
        opened = [{app: each.apps.get(app) for app in apps} for each in books]
        faces = [face(each, email) for each in books]
        return all(each == opened[0] for each in opened) and all(each == faces[0] for each in faces)

    def _sights(self, email: str, number: int) -> list[Books]:
        """What this read may have seen of the person."""
        stood = self.history[number]
        return [stood.before, stood.books] if self.unsure(email, number) else [stood.books]

    def unsure(self, email: str, number: int) -> bool:
        """Something of the person happened during this read: it may have seen either."""
        stood = self.history[number]
        return stood.torn and face(stood.before, email) != face(stood.books, email)

    def waits(self, email: str, case: Case, number: int, slack: timedelta = timedelta()) -> bool:
        """HR and Okta do not agree yet on what changed, and the longest wait is not over."""
        stood, since = self.history[number], self.history[self._waits_since(email, case, number)].at
        return stood.at - since <= LONGEST + slack and self._apart(email, case, stood.books)

    def _apart(self, email: str, case: Case, books: Books) -> bool:
        # What happened during the read it is told from, a later one may have been the first to see.
        before = self.history[case.base].before
        account, record = books.accounts.get(email), books.records.get(email)
        if not self.recorded or record is None:
            return False
        active = account is not None and account.status not in {GONE, "STAGED"}
        if (record.status == "ended") == active:
            return True
        if account is None:
            return False
        old = before.records.get(email), before.accounts.get(email)
        return any(
            account.profile.get(name, "") != record.values.get(name, "")
            and (
                (old[0].values.get(name) if old[0] else None) != record.values.get(name)
                or (old[1].profile.get(name) if old[1] else None) != account.profile.get(name)
            )
            for name in ("team", "department")
        )

    def _waits_since(self, email: str, case: Case, number: int) -> int:
        """The read that first saw a record of the person change in this case; without one, the first."""
        records = [self._records(email, each.books) for each in self.history[: number + 1]]
        changed = (each for each in range(case.opened, number) if records[each] != records[each - 1])
        return next(changed, case.opened)

    @staticmethod
    def _records(email: str, books: Books) -> tuple[object, ...]:
        account = books.accounts.get(email)
        return account and (account.status, account.profile), books.records.get(email)

    def coming(self, email: str, base: int, number: int) -> answers.Levels:
        """What rules will give once Okta's profile says what HR has changed since that read."""
        books = self.history[number].books
        account, record = books.accounts.get(email), books.records.get(email)
        # What happened during the read it is told from, a later one may have been the first to see.
        known = (stood.before.records.get(email) for stood in self.history[base:])
        old = next((each for each in known if each), record)
        if account is None or record is None or old is None or account.status == GONE:
            return {}
        late = {
            name: value
            for name, value in record.values.items()
            if value and old.values.get(name) != value != account.profile.get(name)
        }
        return answers.apps(answers.supposed(books, email, late), email) if late else {}

    def ways(self, email: str, case: Case) -> list[Case]:
        """How it may be told: from where it begins, or with an earlier story of which nobody has heard.

        Such a story came to nothing while something was still to come; what completes it may tell of it.
        """
        last, now = self.told_at.get(email, 0), self.history[-1].at
        earlier = [
            each
            for each in range(last, case.base)
            if now - self.history[each].at <= COMPLETED
            and face(self.history[each].books, email) != face(self.history[each + 1].books, email)
        ]
        bases = [*([case.closed] if case.closed >= 0 else []), *([case.alone] if case.perhaps_whole else [])]
        if self.recorded and email not in self.history[-1].books.records:
            # Nobody joins before HR has a record; what the account loses until then is told by itself.
            bases += range(case.base + 1, len(self.history) - 1)
        return [case, *(replace(case, base=each, alone=each) for each in (*bases, *earlier))]

    def due(self) -> Iterator[tuple[str, list[tuple[Case, list[Due]]]]]:
        """Whom something must have been told about by now, and what; their cases are closed with that.

        Where a case may be told in several ways, one of them must have been.
        """
        number = len(self.history) - 1
        for email, case in sorted(self.open.items()):
            waits = case.opened >= number or self.waits(email, case, number, timedelta(hours=1))
            if not waits and self.quiet(email, case, number):
                yield email, [(each, self.of(email, each, number)) for each in self.ways(email, case)]
                self.close(email, case, number)
            elif not waits and self.unsure(email, number) and self._seemed_quiet(email, number):
                self.open[email] = replace(case, closed=number - 1)

    def _seemed_quiet(self, email: str, number: int) -> bool:
        """What this read may have seen is what the one before saw."""
        one, other = self.history[number - 1], self.history[number]
        return face(one.before, email) == face(one.books, email) == face(other.before, email)

    def of(self, email: str, case: Case, number: int) -> list[Due]:
        """The messages of a case, as things stand after this read."""
        return list(self._since(email, self.base(email, case, number), number))

    def base(self, email: str, case: Case, number: int) -> int:
        """What a case is told from: what it completes counts only as long as the two come to something."""
        comes_to = self.unsure(email, case.base) or any(self._since(email, case.base, number))
        return case.base if comes_to else case.alone

    def _since(self, email: str, base: int, number: int) -> Iterator[Due]:
        was, now = self.history[base], self.history[number]
        one, other = standing(was.books, email, was), standing(now.books, email, now)
        if other in {"absent", "ended"}:
            if one not in {"absent", "ended"}:
                yield from to_managers("leaver_manager", email, was.books, now.books)
        elif other == "active" and (one in {"absent", "pending", "ended"} or self._back(email, base, number)):
            if not self.recorded or email in now.books.records:
                yield Due("joiner", frozenset({email}))
                yield from to_managers("joiner_manager", email, now.books)
        elif one == other == "active":
            yield from self._of_change(email, was.books, now.books)

    def _back(self, email: str, base: int, number: int) -> bool:
        one, other = self.history[base].books, self.history[number].books
        gained = answers.apps(other, email).keys() - answers.apps(one, email).keys()
        return self.closed(one, email) and not self.closed(other, email) and bool(gained)

    def _of_change(self, email: str, before: Books, after: Books) -> Iterator[Due]:
        had, has = answers.apps(before, email), answers.apps(after, email)
        went = moved(before, after, email)
        led = answers.manager(before, email) != answers.manager(after, email)
        old, new = answers.boss(before, email), answers.boss(after, email)
        differs = visibly(before, after, email)
        if went and had != has:
            yield Due("mover", frozenset({email}))
            if old != new and differs:
                yield from to_managers("old_manager", email, before, now=after)
        elif lost(before, after, email):
            yield Due("lost", frozenset({email}))
        if old != new and (went or led):
            yield from to_managers("new_manager", email, after)


def seen(
    stood: Stood, email: str, possible: Callable[[Stood, str], tuple[set[str], dict[str, set[str]]]]
) -> Truth:
    """The apps that this read may have seen, each with its levels."""
    if stood.torn and email in stood.before.accounts and email in stood.books.accounts:
        return {app: frozenset(levels) for app, levels in possible(stood, email)[1].items() if levels}
    return {app: frozenset({level}) for app, level in answers.apps(stood.books, email).items()}
