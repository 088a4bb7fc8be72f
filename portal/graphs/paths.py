"""The ways from a person to an app or group, drawn in columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from orgmodel.rules.spoken import AS_WRITTEN, Spoken
from orgmodel.why.paths import Path, Step

WIDTH, HEIGHT, GAP, ROW = 176, 50, 46, 66
CLIP = 22
WAYS = 6
BOX = (
    '<g class="{}"><rect x="{}" y="{}" width="{}" height="{}" rx="9"/>'
    '<text class="k" x="{}" y="{}">{}</text><text x="{}" y="{}">{}</text></g>'
)
WORDS = {"attribute": "HR attribute", "rule": "rule", "group": "group", "app": "app", "direct": "direct"}


@dataclass(frozen=True)
class _Box:
    column: int
    row: float
    word: str
    text: str
    end: bool = False

    @property
    def x(self) -> float:
        return 10 + self.column * (WIDTH + GAP)

    @property
    def y(self) -> float:
        return 10 + self.row * ROW


def draw(person: str, paths: Sequence[Path], spoken: Spoken = AS_WRITTEN) -> SafeString | None:
    """One row per way, the person on the left, where it leads on the right; None without a way."""
    shown = paths[:WAYS]
    if not shown:
        return None
    longest = max(len(_drawn(path)) for path in shown)
    middle = (len(shown) - 1) / 2
    start = _Box(0, middle, "person", person, end=True)
    last = _drawn(shown[0])[-1]
    goal = _Box(longest, middle, WORDS[last.kind], _label(last, spoken), end=True)
    boxes, lines = [start, goal], []
    for row, path in enumerate(shown):
        before = start
        for column, step in enumerate(_drawn(path)[:-1], 1):
            box = _Box(column, row, WORDS[step.kind], _label(step, spoken))
            boxes.append(box)
            lines.append((before, box))
            before = box
        lines.append((before, goal))
    width, height = goal.x + WIDTH + 10, 20 + len(shown) * ROW - (ROW - HEIGHT)
    return format_html(
        '<svg viewBox="0 0 {} {}" aria-hidden="true">{}{}</svg>',
        int(width),
        int(height),
        format_html_join("", '<path class="on" d="{}"/>', ((_curve(*line),) for line in lines)),
        format_html_join(
            "",
            BOX,
            (_cells(box) for box in boxes),
        ),
    )


def _drawn(path: Path) -> list[Step]:
    """The steps worth a box: of several attributes the first, of several rules the first."""
    seen: set[str] = set()
    found = []
    for step in path.steps:
        if step.kind in {"attribute", "rule"} and step.kind in seen:
            continue
        seen.add(step.kind)
        found.append(step)
    return found


def _label(step: Step, spoken: Spoken) -> str:
    if step.kind == "attribute":
        name = spoken.attribute(step.name)
        return f"{name} is {spoken.value(step.name, step.level)}" if step.level else name
    if step.kind == "rule":
        return step.name or "a rule not read yet"
    return f"{step.name} – {step.level}" if step.level not in {"", "assigned"} else step.name


def _clip(text: str) -> str:
    return text if len(text) <= CLIP else text[: CLIP - 1] + "…"


def _cells(box: _Box) -> tuple[object, ...]:
    return (
        "end" if box.end else "",
        box.x,
        box.y,
        WIDTH,
        HEIGHT,
        box.x + 13,
        box.y + 19,
        box.word,
        box.x + 13,
        box.y + 37,
        _clip(box.text),
    )


def _curve(start: _Box, end: _Box) -> str:
    x, y = start.x + WIDTH, start.y + HEIGHT / 2
    to_x, to_y = end.x, end.y + HEIGHT / 2
    half = (x + to_x) / 2
    return f"M{x} {y} C{half} {y} {half} {to_y} {to_x} {to_y}"
