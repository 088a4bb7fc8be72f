"""What the report says of a budget."""

from benchmarks.report import Line


def test_a_budget_is_kept_up_to_its_last_bit() -> None:
    assert Line("calls", "102", "100", 1.02, 1.02).verdict("S") == "within"
    assert Line("calls", "103", "100", 1.03, 1.02).verdict("S") == "OVER"
    assert Line("rows", "1", "0", 1.0, 0.0).verdict("S") == "OVER"


def test_at_another_size_than_the_budgets_the_verdict_stands_in_brackets() -> None:
    line = Line("me", "120 ms", "100 ms", 1.2, 1.0, "L")
    assert line.verdict("L") == "OVER"
    assert line.verdict("S") == "(OVER; made for L)"


def test_without_a_budget_nothing_is_said() -> None:
    assert Line("first sync", "8 s", "2 s", 4.0).verdict("S") == ""
