"""Which statements the time in the database goes to; `--statements` prints them after the syncs.

Rows that go in by COPY are not among them: they pass Django's cursor by.
"""

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from django.db import connection
from rich.table import Table

SPACE = re.compile(r"\s+")
HEAD = 160
"""So much of a statement is shown, and tells it from others."""


@dataclass
class Statements:
    """Seconds and executions by the beginning of the statement."""

    seconds: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Take the time of every statement that is executed inside."""
        commit = connection.commit

        def timed() -> None:
            self._timed(lambda _: commit(), "COMMIT (with the checks of foreign keys)")

        with connection.execute_wrapper(self._timed), patch.object(connection, "commit", timed):
            yield

    def _timed(self, execute: Callable[..., Any], sql: str, *given: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, *given)
        finally:
            head = SPACE.sub(" ", str(sql)).strip()[:HEAD]
            self.seconds[head] += time.perf_counter() - started  # type: ignore[assignment]  # counts seconds
            self.times[head] += 1

    def table(self, title: str, most: int) -> Table:
        """The most expensive ones first."""
        total = sum(self.seconds.values())
        made = Table(title=f"{title}: {total:.2f} s in {sum(self.times.values())} statements")
        made.add_column("Seconds", justify="right")
        made.add_column("Times", justify="right")
        made.add_column("Statement")
        for head, seconds in self.seconds.most_common(most):
            made.add_row(f"{seconds:.3f}", str(self.times[head]), head)
        return made
