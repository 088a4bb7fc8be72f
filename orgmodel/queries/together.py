"""Questions to the database that do not wait for each other, asked in one message.

A question is a generator: it yields SQL with its values, is sent the rows, and returns what it makes of them;
it may ask again. What is asked together goes step by step, one message for each step of the longest.
"""

from collections.abc import Generator, Mapping, Sequence
from typing import Any, TypeVar, overload

from django.db import connection

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
        if len(statements) == 1:
            cursor.execute(*statements[0])
        else:
            cursor.execute(";\n".join(cursor.mogrify(*each) for each in statements))
        found: list[Rows | None] = [cursor.fetchall()]
        while cursor.nextset():
            found.append(cursor.fetchall())
        return found
