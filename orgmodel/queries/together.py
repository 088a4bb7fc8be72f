"""Questions to the database that do not wait for each other, asked in one message.

A question is a generator: it yields SQL with its values, is sent the rows, and returns what it makes of them;
it may ask again. What is asked together goes step by step, one message for each step of the longest.
"""

from collections.abc import Generator, Mapping, Sequence
from itertools import count
from typing import Any, TypeVar, overload
from weakref import WeakKeyDictionary

from django.db import DatabaseError, connection
from django.db.backends.utils import CursorWrapper

T = TypeVar("T")
A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
G = TypeVar("G")
H = TypeVar("H")
Rows = list[tuple[Any, ...]]
Statement = tuple[str, Mapping[str, Any]]
Question = Generator[Statement, Rows, T]
FEW = 100
"""Values of one list up to which a kept plan fits; for more the database is to see how many they are."""
MOST_PLANS = 150
"""Plans that one connection keeps."""


class Lasting(str):
    """SQL about one person or one thing, for which any other is looked up in the same way.

    A connection that is asked it again prepares it: to plan it takes longer than to run it. What
    selects among all rows by its values is better planned with them, and stays a plain string.
    """

    __slots__ = ()


_plans: WeakKeyDictionary[object, dict[str, str]] = WeakKeyDictionary()
"""Of each connection: SQL → what calls the prepared statement; empty for what was asked once."""
_numbers = count(1)


class _Places(dict[str, str]):
    """Name of a value → its place in a prepared statement, given as it is looked up."""

    def __missing__(self, name: str) -> str:
        self[name] = place = f"${len(self) + 1}"
        return place


def ask(question: Question[T]) -> T:
    """The answer to one question."""
    found: T = _run([question])[0]
    return found


def at_hand(value: T) -> Question[T]:
    """The answer to a question that need not be asked."""
    yield from ()
    return value


def rows(sql: str, values: Mapping[str, Any]) -> Question[Rows]:
    """The rows as they are."""
    return (yield sql, values)


@overload
def together(one: Question[A], two: Question[B], /) -> tuple[A, B]: ...
@overload
def together(one: Question[A], two: Question[B], three: Question[C], /) -> tuple[A, B, C]: ...
@overload
def together(
    one: Question[A], two: Question[B], three: Question[C], four: Question[D], /
) -> tuple[A, B, C, D]: ...
@overload
def together(
    one: Question[A],
    two: Question[B],
    three: Question[C],
    four: Question[D],
    five: Question[E],
    six: Question[F],
    seven: Question[G],
    eight: Question[H],
    /,
) -> tuple[A, B, C, D, E, F, G, H]: ...
def together(*questions: Question[Any]) -> tuple[Any, ...]:
    """The answers to several questions, in their order."""
    return tuple(_run(questions))


def _run(questions: Sequence[Question[Any]]) -> list[Any]:
    answers: dict[int, Any] = {}
    answered: dict[int, Rows | None] = dict.fromkeys(range(len(questions)))
    while answered:
        statements: dict[int, Statement] = {}
        for place, rows in answered.items():
            try:
                statements[place] = questions[place].send(rows)  # type: ignore[arg-type]  # None starts it
            except StopIteration as end:
                answers[place] = end.value
        answered = dict(zip(statements, _fetch([*statements.values()]), strict=True))
    return [answers[place] for place in range(len(questions))]


def _fetch(statements: Sequence[Statement]) -> list[Rows | None]:
    """The rows of each, by one message."""
    if not statements:
        return []
    with connection.cursor() as cursor:
        plans = _plans.setdefault(connection.connection, {})
        known = dict(plans)
        message = "\n;\n".join(_text(cursor, plans, *each) for each in statements)
        try:
            cursor.execute(message)
        except DatabaseError:
            # Which of the new ones the database knows is uncertain; their names are not used again.
            _plans[connection.connection] = known
            raise
        found: list[Rows | None] = []
        while True:
            if cursor.description is not None:
                found.append(cursor.fetchall())
            if not cursor.nextset():
                return found


def _text(cursor: CursorWrapper, plans: dict[str, str], sql: str, values: Mapping[str, Any]) -> str:
    """The statement with its values, or the call of the prepared one."""
    prepare = ""
    if isinstance(sql, Lasting) and _few(values):
        if plans.get(sql) == "":
            name, places = f"lasting_{next(_numbers)}", _Places()
            prepare = f"PREPARE {name} AS {sql % places}\n;\n"
            listed = ", ".join(f"%({each})s" for each in places)
            plans[sql] = f"EXECUTE {name}" + (listed and f" ({listed})")
        elif len(plans) < MOST_PLANS:
            plans.setdefault(sql, "")
        sql = plans.get(sql) or sql
    return prepare + str(cursor.mogrify(sql, values))


def _few(values: Mapping[str, Any]) -> bool:
    return all(len(value) <= FEW for value in values.values() if isinstance(value, list))
