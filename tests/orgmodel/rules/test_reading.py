"""Text to tree and back, and what is said of a text that is no expression."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orgmodel.rules import tree
from orgmodel.rules.mistakes import BadExpression
from orgmodel.rules.parse import DEEPEST, LONGEST, parse
from orgmodel.rules.render import render

A, L = tree.Attribute, tree.Literal


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('user.city == "Oslo"', tree.Compare("==", A("city"), L("Oslo"))),
        ("user.salary >= -1.5", tree.Compare(">=", A("salary"), L(-1.5))),
        (
            "user.a EQ 1 and user.b Ne 2",
            tree.And((tree.Compare("==", A("a"), L(1)), tree.Compare("!=", A("b"), L(2)))),
        ),
        (
            "user.a lt 1 || user.b ge 2",
            tree.Or((tree.Compare("<", A("a"), L(1)), tree.Compare(">=", A("b"), L(2)))),
        ),
        ("user.a Or user.b AND user.c", tree.Or((A("a"), tree.And((A("b"), A("c")))))),
        ("(user.a or user.b) && user.c", tree.And((tree.Or((A("a"), A("b"))), A("c")))),
        ("!user.a == true", tree.Not(tree.Compare("==", A("a"), L(True)))),
        ("not not user.a", tree.Not(tree.Not(A("a")))),
        ("user.orgUnit != user.nested", tree.Compare("!=", A("orgUnit"), A("nested"))),
        ("user.or and user.and or user.not", tree.Or((tree.And((A("or"), A("and"))), A("not")))),
        ("NULL == FALSE", tree.Compare("==", L(None), L(False))),
        ("user.a ? 1 : user.b ? 2 : 3", tree.Ternary(A("a"), L(1), tree.Ternary(A("b"), L(2), L(3)))),
        ("user.a ?: 'x'", tree.Elvis(A("a"), L("x"))),
        ('{"a", user.b, {}}', tree.ListOf((L("a"), A("b"), tree.ListOf(())))),
        ("user.tags[0] + user.map['k']", tree.Add((tree.Index(A("tags"), 0), tree.Index(A("map"), "k")))),
        ("user.manager.email", tree.Member(A("manager"), "email")),
        ("user.title.trim().length", tree.Member(tree.Method(A("title"), "trim", ()), "length")),
        ('String.len("x").max(1, 2)', tree.Method(tree.Call("String.len", (L("x"),)), "max", (L(1), L(2)))),
        ("user.getInternalProperty('id')", tree.Call("user.getInternalProperty", (L("id"),))),
        ("hasDirectoryUser()", tree.Call("hasDirectoryUser", ())),
        ("Convert.toInt(user.a)", tree.Call("Convert.toInt", (A("a"),))),
        ('"a""b"', L('a"b')),
        ("'it''s'", L("it's")),
        (r'"a\"b\\c\d"', L(r'a"b\c\d')),
        ("'say \"x\"'", L('say "x"')),
        ("\n user.ä\t== 'Ö' ", tree.Compare("==", A("ä"), L("Ö"))),
        ('user.a matches "[a-z]+"', tree.Compare("matches", A("a"), L("[a-z]+"))),
    ],
)
def test_a_text_is_read_and_written_back(text: str, expected: tree.Node) -> None:
    assert parse(text) == expected
    assert parse(render(expected)) == expected


def test_where_a_part_stands_in_the_text() -> None:
    node = parse('user.a == "x" AND !user.b')
    assert isinstance(node, tree.And)
    assert [part.span for part in node.parts] == [(0, 13), (18, 25)]


@pytest.mark.parametrize(
    ("text", "column", "message", "hint"),
    [
        ("", 1, "The expression is empty.", 'A condition looks like user.team == "cucumber".'),
        ("  ", 1, "The expression is empty.", 'A condition looks like user.team == "cucumber".'),
        ("x" * (LONGEST + 1), LONGEST + 1, "The expression is longer than 4096 characters.", ""),
        ("!" * 60 + "user.a", DEEPEST + 2, "More than 50 parts are nested in each other.", ""),
        ('user.a = "x"', 8, "= is not an operator.", "Write == to compare."),
        ('user.a === "x"', 8, "=== is not an operator.", "Write == to compare."),
        ('user.a !== "x"', 8, "!== is not an operator.", "Write != to compare."),
        ('user.a = = "x"', 8, "= is not an operator.", "Write == to compare."),
        ('user.a <> "x"', 8, "<> is not an operator.", "Write != instead."),
        ("user.a == “x”", 11, "“ is no quotation mark here.", 'Write straight quotes: "…".'),
        ('user.a == "x', 11, "This text has no closing quote.", 'Add " at its end.'),
        ('user.a "x"', 8, "A text stands where an operator is missing.", "Write == before it."),
        ("user.a & user.b", 8, "& is not an operator.", "Write && or AND."),
        ("user.a | user.b", 8, "| is not an operator.", "Write || or OR."),
        ("user.a)", 7, ") closes nothing.", "Remove it, or open it before."),
        ("(user.a == )", 12, ") comes too early: something is missing before it.", ""),
        ("user.a OR OR user.b", 11, "Nothing stands before OR.", "Remove it."),
        ("and user.b", 1, "Nothing stands before and.", "Remove it."),
        ("user.a user.b", 8, "user cannot stand here.", "Is AND, OR or an operator missing before it?"),
        ("user.a == == user.b", 11, "== cannot stand here: a value is missing before it.", ""),
        ("#", 1, "# cannot stand here: a value is missing before it.", ""),
        ('user.a is "x"', 8, "is is not an operator.", "Write == to compare."),
        (
            'user.a contains "x"',
            8,
            "contains is not an operator.",
            'Write String.stringContains(user.title, "…") or Arrays.contains(user.tags, "…").',
        ),
        (
            "user.a AND",
            8,
            "Nothing follows AND.",
            "Remove the AND at the end, or write a condition after it.",
        ),
        ("user.a ||", 8, "Nothing follows ||.", "Remove the || at the end, or write a condition after it."),
        ("(user.a", 8, "A ) is missing at the end.", "Add )."),
        ('{"a", {"b"}', 12, "A } is missing at the end.", "Add }."),
        ("user.a ==", 10, "The expression ends too early: a value is missing.", ""),
        ("user.a ? 1", 11, "The expression ends too early: a value is missing.", ""),
        (
            "department == 1",
            1,
            "department is not known by itself.",
            'Write user.department for the attribute, or "department" for the text.',
        ),
        ("user == 1", 1, "user alone says nothing.", "Name an attribute: user.team."),
        ("profile.department == 1", 1, "profile.department cannot be read.", "Write user.department."),
        ("USER.team == 1", 1, "USER.team cannot be read.", "Write user.team."),
        (
            "appuser.x == 1",
            1,
            "appuser.x cannot be read by a group rule.",
            "Group rules read only the Okta profile: user.x.",
        ),
        ("thing.call(1)", 1, "thing.call cannot be read.", "Write user.call."),
        ("user.a and String.len()", 12, "String.len takes 1 value, not 0.", ""),
        ("String.join('a')", 1, "String.join takes at least 2 values, not 1.", ""),
        ("isMemberOfGroup()", 1, "isMemberOfGroup takes 1 value, not 0.", ""),
        ("isMemberOfAnyGroup()", 1, "isMemberOfAnyGroup takes at least 1 value, not 0.", ""),
        ("user.getInternalProperty()", 1, "user.getInternalProperty takes 1 value, not 0.", ""),
        ("Arrays.flatten()", 1, "Arrays.flatten takes at least 1 value, not 0.", ""),
    ],
)
def test_a_mistake_has_its_column_and_a_hint(text: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(BadExpression) as refused:
        parse(text)
    assert refused.value.mistake.as_json() == {"column": column, "message": message, "hint": hint}
    assert str(refused.value) == f"Column {column}: {message}{f' {hint}' if hint else ''}"


def test_a_bracket_in_a_text_is_none() -> None:
    with pytest.raises(BadExpression, match=r"A \) is missing"):
        parse('(user.a == "(("')


NAMES = st.sampled_from(["team", "city", "isManager", "orgUnit", "and"])
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
LEAVES = st.one_of(
    st.builds(A, NAMES),
    st.builds(
        L, st.one_of(TEXTS, st.integers(-99, 99), st.booleans(), st.none(), st.sampled_from([0.5, -2.25]))
    ),
)


def branches(inner: st.SearchStrategy[tree.Node]) -> st.SearchStrategy[tree.Node]:
    some = st.lists(inner, min_size=2, max_size=3).map(tuple)
    any_number = st.lists(inner, max_size=2).map(tuple)
    return st.one_of(
        st.builds(tree.Not, inner),
        st.builds(tree.And, some),
        st.builds(tree.Or, some),
        st.builds(tree.Add, some),
        st.builds(tree.ListOf, any_number),
        st.builds(tree.Call, st.sampled_from(["Time.now", "hasX"]), any_number),
        st.builds(tree.Call, st.sampled_from(["isMemberOfGroup", "String.len"]), st.tuples(inner)),
        st.builds(tree.Compare, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "matches"]), inner, inner),
        st.builds(tree.Ternary, inner, inner, inner),
        st.builds(tree.Elvis, inner, inner),
        st.builds(tree.Member, inner, NAMES),
        st.builds(tree.Method, inner, NAMES, any_number),
        st.builds(tree.Index, inner, st.one_of(TEXTS, st.integers(0, 9))),
    )


TREES: st.SearchStrategy[tree.Node] = st.recursive(LEAVES, branches, max_leaves=10)


@settings(max_examples=200, deadline=None)
@given(TREES)
def test_a_tree_survives_its_text(node: tree.Node) -> None:
    assert parse(render(node)) == node


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(
        st.text(max_size=60),
        st.lists(
            st.sampled_from(
                [
                    "user.a",
                    "==",
                    "=",
                    "AND",
                    "or",
                    "not",
                    "(",
                    ")",
                    '"x"',
                    "'",
                    '"',
                    "{",
                    "}",
                    ",",
                    "?",
                    ":",
                    "5",
                    ".",
                ]
            ),
            max_size=12,
        ).map(" ".join),
    )
)
def test_any_text_is_an_expression_or_a_mistake_with_a_column(text: str) -> None:
    mistake = None
    try:
        parse(text)
    except BadExpression as error:
        mistake = error.mistake
    assert mistake is None or (1 <= mistake.column <= len(text) + 1 and mistake.message.endswith("."))
