"""Refusing the implausible: an answer that would empty or sharply shrink anything is held back.

What the answer gives is looked at before the merge, what the merge would end from its own note, before
anything is committed: so no kind of fact, and none that follows from others, can vanish unjudged.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from orgmodel.kinds import BY_NAME, KINDS
from orgmodel.kinds.declaration import FACTS, LAST_VALUES
from orgmodel.models import Run
from orgmodel.sources.roles import DIRECTORIES, HR

from .coverage import Coverage
from .measures import COLUMNS, Columns, Measure, Sight, measures, sight_of
from .parameters import MergeParameters
from .stage import COVERED, UNREADABLE

SENTENCES_SHOWN = 3
"""So many sentences are kept with a held run; of further kinds only the number."""
PEOPLE, GROUPS = "accounts", "groups"
RELEASE = "run the sync again or release this run"


@dataclass(frozen=True)
class _Whole:
    """A kind that is looked at in the answer itself. SQL: how many are given, how many are known."""

    name: str
    kind: str
    given: str
    known: str
    at_first: bool
    """Not believed to be empty even where nothing is known yet, if the source gives this kind whole."""


_WHOLES = (
    _Whole(
        PEOPLE,
        "account",
        "SELECT count(*) FROM stage_account",
        "SELECT count(*) FROM orgmodel_account WHERE source = %(source)s AND ended IS NULL",
        at_first=True,
    ),
    _Whole(
        GROUPS,
        "resource",
        "SELECT count(*) FROM stage_resource WHERE kind = 'group'",
        "SELECT count(*) FROM orgmodel_resource"
        " WHERE source = %(source)s AND kind = 'group' AND ended IS NULL",
        at_first=True,
    ),
    _Whole(
        "recorded units",
        "unit",
        "SELECT count(*) FROM stage_unit",
        "SELECT count(*) FROM orgmodel_orgunit WHERE source = %(source)s AND ended IS NULL",
        at_first=False,
    ),
    # The days of an assignment may pass, so what is current does not tell whether any were given.
    _Whole(
        "recorded unit assignments",
        "assignment",
        "SELECT count(*) FROM stage_assignment",
        "SELECT count(*) FROM orgmodel_assignment WHERE source = %(source)s AND ended IS NULL",
        at_first=False,
    ),
)


class Implausible(Exception):
    """The answer must not be applied; the text says why. `judged` is kept with the run for a release."""

    def __init__(self, text: str, judged: dict[str, dict[str, int]]) -> None:
        super().__init__(text)
        self.judged = judged


@dataclass(frozen=True)
class Loss:
    """What would vanish of one kind, and the sentence about it."""

    measure: str
    name: str
    """The measure, or for values the attribute that they are of."""
    known: int
    gone: int
    left: int
    sentence: str
    because: tuple[str, ...] = ()


def before_merge(source: str, staged: Collection[str], shrink_share: float, coverage: Coverage) -> list[Loss]:
    """What can be told from the staged answer alone. `staged`: the kinds of facts that it gives."""
    given = (columns for columns in COLUMNS if columns.kind in staged)
    found = [loss for columns in given for loss in _blanked(source, shrink_share, columns)]
    for each in _WHOLES:
        if each.kind not in coverage.whole or _number(each.given):
            continue
        known = _number(each.known, {"source": source})
        if known or (each.at_first and not _number(f"SELECT count(*) FROM {BY_NAME[each.kind].stage}")):
            found.append(Loss(each.name, each.name, known, known, 0, _empty(each.name, known, source)))
    return found


def of_merge(
    noted: Mapping[str, Mapping[str, int]],
    staged: Iterable[str],
    shrink_share: float,
    parameters: MergeParameters,
    coverage: Coverage,
) -> list[Loss]:
    """What the merge in this transaction would take away. `noted`: kind → verb → rows of its delta.

    Raises LookupError when it noted, or was given, a kind that nothing measures.
    """
    known = measures()
    measured = {measure.of.name for measure in known} | {
        kind.name for kind in KINDS if kind.only_adds or kind.passes
    }
    if strangers := {*noted, *staged} - measured:
        raise LookupError(f"Nothing limits how much may vanish of {', '.join(sorted(strangers))}.")
    found: list[Loss] = []
    for measure in known:
        if {"ended", "changed"} & set(noted.get(measure.of.name, ())):
            found += _judged(measure, shrink_share, parameters, coverage)
    return found


def refuse(losses: Iterable[Loss], hollow: int, released: Run | None) -> None:
    """Raises Implausible unless everything that would vanish was let through by the released run.

    A released run lets an answer pass of which at least as much is left as of its own.
    """
    standing: dict[str, Loss] = {}
    for loss in losses:
        allowed = released.judged.get(loss.name, {}).get("left") if released else None
        if allowed is None or loss.left < allowed:
            standing.setdefault(loss.name, loss)
    failing = {loss.measure for loss in standing.values()}
    sentences = [loss.sentence for loss in standing.values() if not failing & set(loss.because)]
    if hollow and released is None:
        groups = "a group that has" if hollow == 1 else f"{hollow} groups that have"
        sentences.append(
            f"No members were listed for {groups} members by the source's own statistics: the answer is"
            " partial."
        )
    if sentences:
        more = len(sentences) - SENTENCES_SHOWN
        kinds = "1 more kind" if more == 1 else f"{more} more kinds"
        shown = [
            *sentences[:SENTENCES_SHOWN],
            *([f"And {kinds} of facts would shrink as sharply."] if more > 0 else []),
        ]
        advice = [] if any(RELEASE in each for each in shown) else [f"Check the source, then {RELEASE}."]
        raise Implausible(
            " ".join([*shown, *advice]),
            {each.name: {"known": each.known, "gone": each.gone, "left": each.left} for each in losses},
        )


def hollow_groups(coverage: Coverage) -> int:
    """Groups that have members by the source's statistics and for us, and were now listed as empty."""
    if "grant" not in coverage:
        return 0
    covered = f"s.native_id IN (SELECT owner FROM {COVERED} WHERE kind = 'grant')"
    return _number(
        f"""
        SELECT count(*) FROM stage_resource s
        WHERE s.kind = 'group' AND s.members > 0
          AND NOT EXISTS (SELECT FROM stage_grant g WHERE g.target[3] = s.native_id)
          AND s.native_id NOT IN (SELECT native_id FROM {UNREADABLE} WHERE kind IN ('grant', 'resource'))
          AND {"true" if "grant" in coverage.whole else covered}
          AND EXISTS (
            SELECT FROM orgmodel_resource r
            JOIN orgmodel_entitlement e ON e.resource_id = r.id
            JOIN orgmodel_grant g ON g.entitlement_id = e.id AND g.ended IS NULL
            WHERE r.native_id = s.native_id AND r.kind = 'group')"""
    )


def _judged(
    measure: Measure, shrink_share: float, parameters: MergeParameters, coverage: Coverage
) -> list[Loss]:
    counting = measure.rows
    before = counting.before or counting.counted
    found = []
    # What is no longer asked for does not vanish: the answer's own schema says which attributes were read.
    groups = (
        "WHERE apart NOT IN (SELECT name FROM stage_schema WHERE NOT kept)"
        if measure.of.name == "attribute"
        else ""
    )
    query = f"""
        SELECT apart, count(*) FILTER (WHERE was AND NOT stands), count(*) FILTER (WHERE stands AND NOT was)
        FROM (
            SELECT {counting.apart} AS apart,
                   d.verb <> 'began' AND coalesce({before}, false) AS was,
                   d.verb <> 'ended' AND coalesce({counting.counted}, false) AS stands
            FROM delta d JOIN {measure.of.table} c ON c.id = d.id WHERE d.kind = '{measure.of.name}'
        ) x {groups} GROUP BY 1 ORDER BY 1"""
    with connection.cursor() as cursor:
        cursor.execute(query, parameters.sql())
        rows = cursor.fetchall()
    for apart, lost, won in rows:
        gone = max(lost - won, 0) if measure.limit.net else lost
        if gone:
            sight = sight_of(measure, coverage)
            found += _weighed(measure, apart, gone, lost - won, shrink_share, parameters, sight)
    return found


def _weighed(
    measure: Measure,
    apart: str,
    gone: int,
    shrunk: int,
    shrink_share: float,
    parameters: MergeParameters,
    sight: Sight,
) -> list[Loss]:
    limit, rows = measure.limit, measure.rows
    current = f"""{measure.of.table} c WHERE c.ended IS NULL AND ({sight.seen}) AND ({rows.counted})
        AND {rows.apart} = %(apart)s"""
    values = parameters.sql(apart=apart)
    # Of parts, such as one group, the last may well go: only the share says something.
    if sight.in_parts and gone <= limit.tolerated:
        return []
    # Counting all of a kind takes long in a large tenant: mostly it is enough that some are left.
    if gone <= limit.tolerated and _number(f"SELECT count(*) FROM (SELECT FROM {current} LIMIT 1) x", values):
        return []
    left = _number(f"SELECT count(*) FROM {current}", values)
    known = left + shrunk
    name = f"values of {apart}" if apart else limit.name
    if not left and not limit.last and known and not sight.in_parts:
        sentence = _empty(name, known, parameters.source)
        return [Loss(limit.name, name, known, gone, left, sentence, limit.because)]
    if gone > (limit.tolerated if left else limit.last) and gone > shrink_share * known:
        sentence = _shrunk(gone, known, name, limit.would, shrink_share)
        return [Loss(limit.name, name, known, gone, left, sentence, limit.because)]
    return []


def _blanked(source: str, shrink_share: float, columns: Columns) -> Iterator[Loss]:
    """Columns of records that are blank in this answer for many who had a value."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE c.{ours}::text <> ''),"
        f" count(*) FILTER (WHERE c.{ours}::text <> '' AND coalesce(({given})::text, '') = '')"
        for ours, given in columns.filled.values()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {counts} FROM {columns.table} c JOIN {columns.stage} s ON {columns.same}"
            " WHERE c.source = %(source)s AND c.ended IS NULL",
            {"source": source},
        )
        numbers = cursor.fetchone()
    for name, known, gone in zip(columns.filled, numbers[::2], numbers[1::2], strict=True):
        if gone > (FACTS if gone < known else LAST_VALUES) and gone > shrink_share * known:
            sentence = _shrunk(gone, known, name, "vanish", shrink_share)
            yield Loss(name, name, known, gone, known - gone, sentence)


def _empty(name: str, known: int, source: str) -> str:
    of_role = source in DIRECTORIES and name in {PEOPLE, GROUPS}
    check = "Check the token's admin role" if of_role else "Check what the source gives"
    are = "is" if known == 1 else "are"
    words = ("people" if source in HR else "users") if name == PEOPLE else name
    return (
        f"The answer holds no {words} at all, where {known} {are} known: an empty answer is not an empty"
        f" company. {check}, then {RELEASE}."
    )


def _shrunk(gone: int, known: int, name: str, would: str, shrink_share: float) -> str:
    return (
        f"{gone} of {known} {name} would {would}, more than the {shrink_share:.0%} that"
        " limits.shrink_share allows in one run."
    )


def _number(query: str, parameters: Mapping[str, Any] | None = None) -> int:
    with connection.cursor() as cursor:
        cursor.execute(query, parameters)
        return int(cursor.fetchone()[0])
