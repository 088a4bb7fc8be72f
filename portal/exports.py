"""Answers for machines, written piece by piece."""

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder

from orgmodel.management.spreadsheet import harmless


def endless(value: object) -> bool:
    """The value is gone through while it is sent."""
    return isinstance(value, Iterator)


def json_pieces(data: Any) -> Iterator[str]:
    """JSON piece by piece: an iterator, also as a value of an object, is gone through while it is sent."""
    if isinstance(data, Iterator):
        yield "["
        for place, item in enumerate(data):
            yield (",\n" if place else "\n") + _json(item)
        yield "\n]\n"
    elif isinstance(data, dict) and any(map(endless, data.values())):
        for place, (key, value) in enumerate(data.items()):
            yield f"{',' if place else '{'}\n{_json(key)}: "
            yield from json_pieces(value)
        yield "}\n"
    else:
        yield _json(data)


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


class _Line:
    def write(self, text: str) -> str:
        return text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """CSV with a byte order mark; a cell that a spreadsheet would run as a formula is made text."""
    writer = csv.writer(_Line())
    yield "\ufeff" + writer.writerow(columns)
    for row in rows:
        yield writer.writerow([harmless(cell) for cell in row])
