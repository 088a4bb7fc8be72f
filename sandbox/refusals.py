"""Why something is not played, in a sentence that the controller shows as it is."""


class Refused(LookupError, ValueError):
    """What was asked for is not there, or makes no sense; its one argument says why."""


ODD_FIELDS = (
    "a field holds what does not fit: a number wants digits, a time looks like 2026-03-02T10:00+01:00"
)
"""What is said of any other error: the words of Python are for programmers."""
