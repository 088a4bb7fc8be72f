"""The columns of a file: found in any case; a near miss of a known column is reported."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orgmodel.reports import Problem, Report, SourceFailed


@dataclass(frozen=True)
class Columns:
    """What a file must, may and should better have."""

    required: tuple[str, ...]
    known: frozenset[str]
    """All that Sightline reads by name, the required ones included."""
    deciding: frozenset[str] = frozenset()
    """Those that say who or what is still there: a file in which one is misspelt cannot be used."""
    tracked: tuple[str, ...] = ()
    key: str = "id"
    """The column whose value names the record."""
    others: bool = False
    """Every other column is read as well, by its own name."""


def names_of(file: str, header: Sequence[str], columns: Columns, report: Report) -> list[str]:
    """The name of each column as we call it; unknown ones as they stand, also without a name. The report
    names those that are not read.

    Raises SourceFailed.
    """
    ours = {name.casefold(): name for name in (*columns.tracked, *columns.known)}
    found = [ours.get(name.strip().casefold(), name.strip()) for name in header]
    for name in filter(None, found):
        if found.count(name) > 1:
            raise SourceFailed(f"{file} has the column {name[:80]} twice.")
    missing = {*columns.known, *columns.tracked} - set(found)
    near = {name: meant for name in found if name not in ours.values() and (meant := _nearest(name, missing))}
    _refuse_missing(file, found, columns, near)
    report.problems += [
        Problem(f"{file} line 1", "", f"column {name} is not known; rename it if it is meant to be {meant}")
        for name, meant in near.items()
    ]
    strangers = [name for name in found if name and name not in ours.values() and name not in near]
    if strangers and not columns.others:
        report.ignored[file] = strangers
    if fatal := next((name for name in near if near[name] in columns.deciding), None):
        raise SourceFailed(
            f"{file} has a column {fatal} and no column {near[fatal]}: is that what it is meant to be?"
            " It decides who is still here, so nothing of the file is applied."
        )
    return found


def _refuse_missing(file: str, found: Sequence[str], columns: Columns, near: dict[str, str]) -> None:
    for name in columns.required:
        if name in found:
            continue
        hint = "".join(f" Is {other} meant to be {name}?" for other, meant in near.items() if meant == name)
        if len(found) == 1 and (mark := next((each for each in ";\t|" if each in found[0]), "")):
            shown = "tabs" if mark == "\t" else f"'{mark}'"
            hint = f" Its columns seem to be separated by {shown}; set csv.delimiter."
        raise SourceFailed(
            f"{file} has no column {name}; export it with the columns {', '.join(columns.required)}.{hint}"
        )


def _nearest(name: str, missing: Iterable[str]) -> str:
    """The column that is missing and differs from the name by no more than a letter or its blanks."""
    bare = _bare(name)
    return next((each for each in sorted(missing) if bare and _near(bare, _bare(each))), "")


def _bare(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _near(one: str, other: str) -> bool:
    """Equal, or one letter more, less, other, or two neighbours exchanged."""
    if abs(len(one) - len(other)) > 1:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    rest, others = one[start:], other[start:]
    exchanged = rest[:2] == others[1::-1] and rest[2:] == others[2:]
    return rest[1:] == others[1:] or rest[1:] == others or rest == others[1:] or exchanged
