"""The report: what was measured, against what, the ratio of the two, and what the budget says of it."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from rich.table import Table


class Cost(NamedTuple):
    """Seconds on the wall, and seconds of this process on a processor."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Line:
    """One measurement. `most`: the highest ratio that the budget allows, None where there is no budget."""

    what: str
    measured: str
    against: str = ""
    ratio: float | None = None
    most: float | None = None
    made_for: str = ""
    """The size that the budget was made for; empty: any."""

    def verdict(self, size: str) -> str:
        """Whether the budget is kept; in brackets at a size that it was not made for."""
        if self.most is None or self.ratio is None:
            return ""
        verdict = "within" if self.ratio <= self.most else "OVER"
        return verdict if self.made_for in {"", size} else f"({verdict}; made for {self.made_for})"


def against(what: str, measured: Cost, floor: Cost) -> list[Line]:
    """Two lines that compare a cost with a floor of the same run: on the wall, and on the processor."""
    return [
        Line(f"{what}, wall", f"{measured.wall:.2f} s", f"{floor.wall:.2f} s", measured.wall / floor.wall),
        Line(f"{what}, our CPU", f"{measured.cpu:.2f} s", f"{floor.cpu:.2f} s", measured.cpu / floor.cpu),
    ]


def cost(work: Callable[[], object]) -> Cost:
    """What the work costs. The processor time is that of all threads of this process and of no other."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def report(title: str, size: str, lines: Iterable[Line]) -> Table:
    """The lines as a table."""
    table = Table(title=title, title_justify="left")
    for heading in ("What", "Measured", "Floor or budget", "Ratio", "Verdict"):
        table.add_column(heading, justify="left" if heading in {"What", "Verdict"} else "right")
    for line in lines:
        ratio = "" if line.ratio is None else f"{line.ratio:.2f}"
        table.add_row(line.what, line.measured, line.against, ratio, line.verdict(size))
    return table
