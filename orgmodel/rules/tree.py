"""The tree of an expression. Two trees are equal when they say the same, wherever it stood in the text."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Scalar = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Node:
    """Any part of an expression. `span`: where it stands in the text, from and to, counted from 0."""

    span: tuple[int, int] = field(default=(0, 0), compare=False, kw_only=True, repr=False)

    def children(self) -> Iterator["Node"]:
        """The parts it is made of, in order."""
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, Node):
                yield value
            elif name in {"parts", "arguments"}:
                yield from value

    def walk(self) -> Iterator["Node"]:
        """The node and everything under it, in the order of the text."""
        yield self
        for child in self.children():
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A text, number, truth value or null that stands in the expression."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Attribute(Node):
    """user.department"""

    name: str


@dataclass(frozen=True, slots=True)
class ListOf(Node):
    """{"Finance", "Legal"}"""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Call(Node):
    """String.len(…), isMemberOfGroupName(…), user.getInternalProperty(…)"""

    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Member(Node):
    """A property of something that is not the user: user.manager.email"""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Method(Node):
    """A method of a value: user.title.trim()"""

    base: Node
    name: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Index(Node):
    """user.tags[0]"""

    base: Node
    key: str | int


@dataclass(frozen=True, slots=True)
class Not(Node):
    """! or NOT"""

    operand: Node


@dataclass(frozen=True, slots=True)
class And(Node):
    """Two or more parts that must all hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or(Node):
    """Two or more parts of which one must hold."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Compare(Node):
    """Two sides and one of == != < <= > >= matches; words are kept as signs."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Add(Node):
    """Two or more parts joined by +."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """condition ? then : otherwise"""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Elvis(Node):
    """value ?: otherwise"""

    value: Node
    otherwise: Node


def attributes_of(node: Node) -> tuple[str, ...]:
    """Names of the user attributes that are read, in order, each once."""
    return tuple(dict.fromkeys(each.name for each in node.walk() if isinstance(each, Attribute)))


def group_calls_of(node: Node) -> tuple[Call, ...]:
    """The questions about the user's groups, in order, each once."""
    return tuple(
        dict.fromkeys(
            each for each in node.walk() if isinstance(each, Call) and each.name.startswith("isMemberOf")
        )
    )
