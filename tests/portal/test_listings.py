"""A listing as CSV, as JSON and as lines that are compared."""

from collections.abc import Iterable, Iterator

from portal.difference import Line
from portal.listings import Listing

Staff = tuple[str, str, int | None]
STAFF: list[Staff] = [("1", "Ada", None), ("2", "=Ben", 5)]


def listing(rows: Iterable[Staff] = STAFF) -> Listing[Staff]:
    return Listing(
        ("Name", "Left"),
        rows,
        lambda one: one[1:],
        key=lambda one: one[0],
        page=lambda one: f"/people/{one[0]}/",
        json=lambda one: {"name": one[1]},
    )


def test_the_three_forms_of_one_listing() -> None:
    columns, rows = listing().table()
    assert (columns, list(rows)) == (("Name", "Left"), [("Ada", None), ("=Ben", 5)])
    assert listing().data() == [{"name": "Ada"}, {"name": "=Ben"}]
    lines = list(listing().lines())
    assert lines == [Line("1", ("Ada", "")), Line("2", ("=Ben", "5"))]
    assert [line.page for line in lines] == ["/people/1/", "/people/2/"]


def test_rows_that_are_read_while_they_are_sent_stay_so() -> None:
    read: list[str] = []

    def rows() -> Iterator[Staff]:
        for one in STAFF:
            read.append(one[0])
            yield one

    data = listing(rows()).data()
    assert read == []
    assert next(data) == {"name": "Ada"}
    assert read == ["1"]
