"""Whether code has changed since the last look: for a portal that restarts during development."""

from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("portal", "notifier", "orgmodel", "templates")
KINDS = frozenset({".py", ".html", ".css", ".js", ".svg", ".lark", ".sql"})


class CodeChanges:
    """Remembers when each file was last written."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._seen = self._look()

    def any(self) -> bool:
        """True once after files were written, added or removed."""
        now = self._look()
        changed, self._seen = now != self._seen, now
        return changed

    def _look(self) -> dict[Path, int]:
        return {path: time for path in self._files() if (time := _written(path))}

    def _files(self) -> Iterator[Path]:
        for folder in FOLDERS:
            yield from (path for path in (self._root / folder).rglob("*") if path.suffix in KINDS)


def _written(path: Path) -> int:
    """When, in nanoseconds; 0 for a file that is just being replaced."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0
