"""Values close to what a rule requires: capitals, spaces, a letter or two."""

FAR = 3
"""Letters away from which a value is simply another one."""
LONGEST = 64
"""Characters beyond which nobody mistypes a whole value."""


def nearness(have: str, want: str) -> str:
    """How a value misses another one by little; empty when it is the same or something else.

    >>> nearness("cucumbr", "cucumber")
    'one letter away'
    """
    if have == want:
        return ""
    if have.casefold() == want.casefold():
        return "differs only in capital letters"
    if "".join(have.split()) == "".join(want.split()):
        return "differs only in spaces"
    steps = distance(have, want)
    if steps == FAR or min(len(have), len(want)) < 2 * steps + 1:
        return ""
    return "one letter away" if steps == 1 else "two letters away"


def distance(one: str, other: str) -> int:
    """Letters put in, left out, changed or swapped with their neighbour; FAR or more is given as FAR.

    >>> distance("radish", "raidsh")
    1
    """
    if abs(len(one) - len(other)) >= FAR or max(len(one), len(other)) > LONGEST:
        return FAR
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, left in enumerate(one, 1):
        earlier, before, row = before, row, [i]
        for j, right in enumerate(other, 1):
            steps = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (left != right))
            if earlier and j > 1 and left == other[j - 2] and one[i - 2] == right:
                steps = min(steps, earlier[j - 2] + 1)
            row.append(steps)
        if min(row) >= FAR:
            return FAR
    return min(row[-1], FAR)
