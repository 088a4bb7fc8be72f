"""The rules nobody should have to remember: each takes a file's text and says in sentences what breaks it."""

import ast
import re
from collections import Counter
from collections.abc import Collection, Iterable
from html.parser import HTMLParser
from pathlib import Path, PurePath

LINES = 300
CHARACTERS = 160
VIEW_LINES = 15
KINDS_AT_ONCE = 6
FORBIDDEN_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "base",
    "services",
    "managers",
    "misc",
}
POETIC_NAMES = {
    *(
        "tales",
        "looks",
        "cases",
        "sides",
        "turns",
        "around",
        "ground",
        "crowd",
        "dated",
        "explained",
        "wanted",
    ),
    *("overlooked", "likeness", "oddities", "proof", "wanting", "supposing", "flipping", "judging", "judged"),
    *(
        "planner",
        "look",
        "lookup",
        "nearly",
        "nearness",
        "between",
        "spans",
        "viewing",
        "told",
        "said",
        "asked",
    ),
    *("found", "lowered", "governed", "repeated", "concurrent", "taken_ways", "wakes"),
}
"""Names of ours from which nobody could guess the content; each module was given a plain one."""
SPEECH = {"said", "told", "asked"}
NAMED_BY_DJANGO = {"portal/embedded/base.py", "portal/external/base.py"}
"""Django looks for a database engine under this very name."""
READERS = {"text", "needed", "flag", "choice", "share", "words", "folder", "address", "database"}
VARIABLE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*")
NAMESPACE = "http://www.w3.org/"
"""The name of SVG and XLink; nothing is fetched from there."""
FOREIGN = re.compile(r"""(?:https?:|(?<=["'(=]))//[\w-]+(?:\.[\w-]+)+[^\s"'<>)]*""")
OWN_ADDRESS = re.compile(
    r"""(?<=["'}])/(?:account|apps|attributes|changes|compare|drift|groups|log(?:in|out)|me|moves|outbox|people"""
    r"""|persona|rehearsals|rules|search|signed-out|sources|teams)[/.?"'][^\s"'>]*|(?<=(?:href|tion)=")/(?=["?])"""
)
"""The way to a page of the portal, written out at the beginning of a text or behind a value."""
TEMPLATE_TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)

CODE = re.compile(r"`([^`]+)`")
PATH = re.compile(r"[\w.-]+(?:/[\w.-]+)*/?")
PARAMETER = re.compile(r"<[^/]+>")
VARIABLE_IN_TEXT = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*\b")


def too_long(text: str) -> list[str]:
    """A file has at most 300 lines."""
    lines = text.count("\n")
    return [f"{lines} lines, more than {LINES}"] if lines > LINES else []


def too_wide(text: str) -> list[str]:
    """Lines nobody can read at a glance."""
    numbered = enumerate(text.splitlines(), 1)
    return [f"line {at} has {len(line)} characters" for at, line in numbered if len(line) > CHARACTERS]


def says_nothing(path: str) -> list[str]:
    """No module or package is called after what it is not."""
    names = {PurePath(part).stem for part in PurePath(path).parts}
    found = set() if path in NAMED_BY_DJANGO else names & FORBIDDEN_NAMES
    return [f"{name} says nothing about what is inside" for name in sorted(found)]


def is_poetry(path: str) -> list[str]:
    """No module of the product bears a name again that was given up because it had to be explained."""
    name = PurePath(path).stem
    return [f"{name} is a name that a newcomer has to guess"] if name in POETIC_NAMES else []


def written_addresses(text: str) -> list[str]:
    """Pages are named by their routes; what a comment or a docstring mentions is free."""
    return [f"{each} is a page with a name" for each in OWN_ADDRESS.findall(text)]


def long_views(text: str) -> list[str]:
    """A function view has at most 15 lines, not counting decorators and docstring."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef) or not node.args.args or node.args.args[0].arg != "request":
            continue
        documented = ast.get_docstring(node) is not None
        docstring = (node.body[0].end_lineno or 0) - node.body[0].lineno + 1 if documented else 0
        lines = (node.end_lineno or 0) - node.lineno + 1 - docstring
        if lines > VIEW_LINES:
            found.append(f"view {node.name} has {lines} lines, more than {VIEW_LINES}")
    return found


def variables_read(text: str) -> set[str]:
    """The environment variables that a module reads through portal.environment.Environment, or the like."""
    calls = (node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call))
    found = set()
    for call in calls:
        named = isinstance(call.func, ast.Attribute) and call.func.attr in READERS and call.args
        first = call.args[0] if named else None
        if (
            isinstance(first, ast.Constant)
            and isinstance(first.value, str)
            and VARIABLE.fullmatch(first.value)
        ):
            found.add(first.value)
    return found


def listed_kinds(text: str, kinds: set[str]) -> list[str]:
    """No literal lists the kinds of facts again: more than six of them, and nothing else, stand in none."""
    found = []
    for node in ast.walk(ast.parse(text)):
        inside = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        names = [each.value for each in inside if isinstance(each, ast.Constant) and each.value in kinds]
        if len(names) == len(inside) > KINDS_AT_ONCE:
            found.append(f"lists kinds of facts: {', '.join(names)}")
    return found


def undocumented(names: set[str], document: str) -> list[str]:
    """Every name stands in the document, set as code."""
    return [f"{name} is not documented" for name in sorted(names) if f"`{name}`" not in document]


def names_of_sources(text: str, words: Iterable[str]) -> Counter[str]:
    """Which of these words a module writes as a text of its own, or in quotes inside one such as SQL."""
    spelt = re.compile("|".join(rf"'{re.escape(word)}'" for word in words))
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.update([node.value] if node.value in words else [])
            found.update(match.strip("'") for match in spelt.findall(node.value.replace('"', "'")))
    return found


def foreign_addresses(text: str) -> list[str]:
    """Pages, styles and scripts fetch from nobody else."""
    found = (match.group() for match in FOREIGN.finditer(text))
    return [f"{address} is another host" for address in found if not address.startswith(NAMESPACE)]


def inline_content(text: str) -> list[str]:
    """No style and no script inside a page: the content security policy would block them."""
    parser = _Inline()
    parser.feed(TEMPLATE_TAG.sub("", text))
    parser.close()
    return parser.found


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style":
            self.found.append("a style element")
        if tag == "script" and "src" not in names and names.get("type") != "application/json":
            self.found.append("a script without src")
        for name, value in attrs:
            if name == "style" or name.startswith(("on", "hx-on")):
                self.found.append(f"attribute {name} of {tag}")
            if (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"a javascript: address of {tag}")


def missing_files(text: str, root: Path) -> list[str]:
    """Every path that a document names exists; one with a gap such as <kind> is a pattern, not a path."""
    named = sorted({each for each in CODE.findall(text) if "/" in each and not each.startswith("/")})
    return [f"{each} is not there" for each in named if PATH.fullmatch(each) and not (root / each).exists()]


def addresses(text: str) -> set[str]:
    """The addresses that a module writes, without their questions; what an f-string fills in is an x."""
    nodes = [*ast.walk(ast.parse(text))]
    filled = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    inside = {id(part) for node in filled for part in node.values}
    plain = [node for node in nodes if isinstance(node, ast.Constant) and id(node) not in inside]
    texts = [str(node.value) for node in plain] + [
        "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
        for node in filled
    ]
    return {each.partition("?")[0] for each in texts if each.startswith("/")}


def unvisited(routes: Iterable[str], visited: Collection[str]) -> list[str]:
    """Every route is the route of one of these addresses."""
    patterns = {route: re.compile("/" + PARAMETER.sub("[^/]+", re.escape(route))) for route in routes}
    return [
        f"no test visits /{route}"
        for route, pattern in sorted(patterns.items())
        if not any(map(pattern.fullmatch, visited))
    ]


def names_of_speech(text: str) -> list[str]:
    """Said, told and asked say that somebody spoke, not what a variable, field, function or class is."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name) | ast.alias(asname=str(name)):
                pass
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                pass
            case _:
                continue
        if name.strip("_").lower() in SPEECH:
            found.append((node.lineno, name))
    return [f"line {line}: {name} says nothing about what it is" for line, name in sorted(found)]
