"""The sources by their roles, as SQL: `a.source {IS_DIRECTORY}`.

They are those that the registry names when Sightline starts; one that is added later for the length of a test
takes part as a source of access.
"""

from collections.abc import Sequence

from .registry import sources


def sql(names: Sequence[str]) -> str:
    """What follows the column: `= 'okta'`, or `IN ('hris', 'control')`."""
    if len(names) == 1:
        return f"= '{names[0]}'"
    return f"IN ({', '.join(repr(name) for name in names)})"


_BOTH = frozenset({"people", "access"})
DIRECTORIES = tuple(each.name for each in sources() if each.roles >= _BOTH)
"""Sources whose accounts are people and hold access, and whose group rules read the profiles of accounts."""
HR = tuple(each.name for each in sources() if "people" in each.roles and "access" not in each.roles)
"""Sources whose records make people and nothing else."""
IS_DIRECTORY = sql(DIRECTORIES)
IS_HR = sql(HR)
IS_PEOPLE = sql((*HR, *DIRECTORIES))
UNIT_KEEPERS = (*(each.name for each in sources() if "units" in each.roles), *HR)
"""Sources that may state units: HR too, where no source of its own does."""
KEEPS_UNITS = sql(UNIT_KEEPERS)
