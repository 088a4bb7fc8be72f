"""Which values a rule mentions: what it compares an attribute with, and what its clauses accept."""

from collections.abc import Iterator

from . import tree
from .evaluate import SubjectLike, evaluate


def named_values(node: tree.Node, attribute: str) -> frozenset[str]:
    """The texts that stand in one clause with the attribute.

    >>> from .parse import parse
    >>> sorted(named_values(parse('user.team == "leek" OR user.city == "Oslo"'), "team"))
    ['leek']
    """
    return frozenset(
        part.value
        for clause in _clauses(node, attribute)
        for part in clause.walk()
        if isinstance(part, tree.Literal) and isinstance(part.value, str) and part.value
    )


def accepts(node: tree.Node, attribute: str, subject: SubjectLike) -> bool:
    """Whether a clause that reads the attribute holds for the subject; what is denied counts as named."""
    return any(evaluate(clause, subject) is True for clause in _clauses(node, attribute))


def sole_value(node: tree.Node) -> tuple[str, str] | None:
    """Attribute and text where the whole expression is one comparison of the two; else None."""
    match node:
        case tree.Compare(operator="==", left=tree.Attribute(name=name), right=tree.Literal(value=str(text))):
            return name, text
        case tree.Compare(operator="==", left=tree.Literal(value=str(text)), right=tree.Attribute(name=name)):
            return name, text
    return None


def _clauses(node: tree.Node, attribute: str) -> Iterator[tree.Node]:
    """The clauses that read the attribute, each as what it asks for, not as what it denies."""
    if isinstance(node, tree.And | tree.Or | tree.Not | tree.Ternary | tree.Elvis):
        for part in node.children():
            yield from _clauses(part, attribute)
    elif attribute in tree.attributes_of(node):
        if isinstance(node, tree.Compare) and node.operator == "!=":
            yield tree.Compare("==", node.left, node.right)
        else:
            yield node
