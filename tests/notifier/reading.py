"""A message as somebody would read it."""

from typing import Any


def read_aloud(block: dict[str, Any]) -> str:
    """The words of a block as somebody would read them."""
    if block["type"] == "rich_text":
        return "\n".join(
            "\n".join("• " + leaves(row) for row in part["elements"])
            if part["type"] == "rich_text_list"
            else leaves(part)
            for part in block["elements"]
        )
    if block["type"] == "actions":
        named = [e for e in block["elements"] if e["type"] == "button"]
        options = [option for e in block["elements"] for option in e.get("options", [])]
        return " | ".join(e["text"]["text"] for e in (*named, *options))
    if block["type"] == "context":
        return " ".join(element["text"] for element in block["elements"])
    return str(block["text"]["text"])


def leaves(section: dict[str, Any]) -> str:
    return "".join(leaf["text"] for leaf in section["elements"])
