"""The values without which an expression cannot match, so that rules can be looked up by them."""

from dataclasses import dataclass

from . import tree


@dataclass(frozen=True)
class Anchor:
    """The attribute must have one of these texts, or begin with one where `prefix`; else the rule is false.

    An attribute without a value counts as another text for equality, but makes a prefix unknown. Values that
    are no text, and attributes that are not known, leave the rule open.
    """

    attribute: str
    texts: frozenset[str]
    prefix: bool = False


def anchor_of(node: tree.Node) -> Anchor | None:
    """The best anchor of an expression: the one with the fewest texts, equality before prefix."""
    match node:
        case tree.Compare(operator="==", left=tree.Attribute(name=name), right=tree.Literal(value=str(text))):
            return Anchor(name, frozenset({text})) if text else None
        case tree.Compare(operator="==", left=tree.Literal(value=str(text)), right=tree.Attribute(name=name)):
            return Anchor(name, frozenset({text})) if text else None
        case tree.Call(
            name="String.startsWith", arguments=(tree.Attribute(name=name), tree.Literal(value=str(text)))
        ):
            return Anchor(name, frozenset({text}), prefix=True) if text else None
        case tree.Ternary(
            condition=inner, then=tree.Literal(value=True), otherwise=tree.Literal(value=False)
        ):
            return anchor_of(inner)
        case tree.And(parts=parts):
            found = [anchor for part in parts if (anchor := anchor_of(part))]
            return min(found, key=lambda anchor: (anchor.prefix, len(anchor.texts)), default=None)
        case tree.Or(parts=parts):
            return _joined([anchor_of(part) for part in parts])
    return None


def _joined(anchors: list[Anchor | None]) -> Anchor | None:
    """One anchor for all sides of an "or", where each has one on the same attribute."""
    known = [anchor for anchor in anchors if anchor]
    kinds = {(anchor.attribute, anchor.prefix) for anchor in known}
    if len(known) < len(anchors) or len(kinds) != 1:
        return None
    texts = frozenset(text for anchor in known for text in anchor.texts)
    return Anchor(known[0].attribute, texts, known[0].prefix)
