"""How a number went from day to day, as a small line."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT, EDGE = 320, 64, 6


def draw(numbers: Sequence[int]) -> SafeString | None:
    """The line from the first to the last number, the floor at zero; None for fewer than two."""
    if len(numbers) < 2:  # noqa: PLR2004  # a line has two ends
        return None
    top = max(*numbers, 1)
    step = (WIDTH - 2 * EDGE) / (len(numbers) - 1)
    points = [
        (round(EDGE + step * place, 1), round(HEIGHT - EDGE - number / top * (HEIGHT - 2 * EDGE), 1))
        for place, number in enumerate(numbers)
    ]
    line = " L".join(f"{x} {y}" for x, y in points)
    x, y = points[-1]
    return format_html(
        '<svg class="trend" viewBox="0 0 {} {}" aria-hidden="true">'
        '<path class="floor" d="M{} {} H{}"/><path class="on" d="M{}"/><circle cx="{}" cy="{}" r="3"/></svg>',
        WIDTH,
        HEIGHT,
        EDGE,
        HEIGHT - EDGE,
        WIDTH - EDGE,
        line,
        x,
        y,
    )
