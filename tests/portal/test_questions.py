"""The list of questions is the one door: commands and addresses give the same answers and the same errors."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command

from orgmodel.answers import Asker
from orgmodel.management import answer
from orgmodel.models import Person
from orgmodel.queries.people import Ambiguous, NotFound
from orgmodel.queries.refusals import BadQuestion, NoAnswer
from orgmodel.queries.visibility import viewer_for
from orgmodel.questions import QUESTIONS, NotAllowed, ask
from tests.orgmodel.sync.world import moment
from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, NADIA

COMMANDS = {"access", "team", "who", "why", "diff", "whatif", "rehearse", "drift", "rule", "evidence"}
"""The commands of the contract that answer a question."""


def operator() -> Asker:
    return Asker(answer.operator(), settings.SIGHTLINE.conventions)


def test_every_command_that_answers_is_a_question() -> None:
    assert set(QUESTIONS) == COMMANDS | {"compare", "find"}


def test_the_documents_name_every_question_with_its_arguments() -> None:
    document = Path("docs/questions.md").read_text(encoding="utf-8")
    for question in QUESTIONS.values():
        line = next(line for line in document.splitlines() if line.startswith(f"| `{question.name}` |"))
        assert all(f"`{argument.name}`" in line for argument in question.arguments), line
        assert ("admins" in line) == question.admins, line


@pytest.mark.usefixtures("nordwind")
@pytest.mark.parametrize(
    ("name", "given", "address", "expected"),
    [
        ("access", {"person": "nadia"}, f"/people/{NADIA}.json", ("person", "name", "Nadia Brandt")),
        ("team", {"unit": "cucumber"}, "/teams/cucumber.json", ("unit", "slug", "cucumber")),
        ("who", {"target": "0oafigma"}, "/apps/0oafigma.json", ("target", "name", "Figma")),
        (
            "why",
            {"person": "nadia", "target": "0oafigma"},
            f"/people/{NADIA}/why/0oafigma.json",
            ("has", True),
        ),
    ],
)
def test_list_command_and_address_agree(
    name: str, given: dict[str, str], address: str, expected: tuple[Any, ...], as_person: SignIn
) -> None:
    out = StringIO()
    with time_machine.travel(moment(9), tick=False):
        call_command(name, *given.values(), "--json", stdout=out)
        addressed = json.loads(b"".join(as_person("tomas").get(address, follow=True)))
        data = ask(name, given, operator()).as_json()
    commanded = json.loads(out.getvalue())
    assert commanded == data == addressed
    *path, value = expected
    for key in path:
        data = data[key]
    assert data == value


@pytest.mark.usefixtures("nordwind")
@pytest.mark.parametrize(
    ("name", "given", "error", "sentence"),
    [
        (
            "weather",
            {},
            BadQuestion,
            "There is no question “weather”; known are access, team, who, why, diff,",
        ),
        ("access", {}, BadQuestion, "access needs person: e-mail, id, login or name."),
        ("access", {"person": ""}, BadQuestion, "access needs person: e-mail, id, login or name."),
        ("who", {"app": "Figma"}, BadQuestion, "who does not take app; it takes target, at."),
        ("access", {"person": "nadia", "at": "soon"}, BadQuestion, "Give a date such as 2026-03-01"),
        (
            "diff",
            {"person": "nadia", "since": "2026-03-09", "until": "2026-03-02"},
            BadQuestion,
            "The first date",
        ),
        (
            "whatif",
            {"person": "nadia"},
            BadQuestion,
            "Name a unit to move to, an attribute with its new value",
        ),
        ("whatif", {"person": "nadia", "set": ["team"]}, BadQuestion, "Write ATTRIBUTE=VALUE, not “team”."),
        ("drift", {"detector": "noise"}, NoAnswer, "No detector is called “noise”; known are "),
        ("rehearse", {"changes": "who\nnadia"}, NoAnswer, ""),
        ("why", {"person": "nadia", "target": "Fygma"}, NotFound, "Nearest: Figma"),
    ],
)
def test_what_cannot_be_answered_says_what_to_do(
    name: str, given: dict[str, Any], error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error) as raised:
        ask(name, given, operator())
    assert sentence in str(raised.value)
    assert str(raised.value)


@pytest.mark.usefixtures("nordwind")
@pytest.mark.parametrize("name", sorted(name for name, one in QUESTIONS.items() if one.admins))
def test_some_questions_are_for_those_who_run_sightline(name: str) -> None:
    given = {each.name: "nadia" for each in QUESTIONS[name].arguments if each.required}
    lena = viewer_for(Person.objects.get(key=LENA).pk, settings.SIGHTLINE.conventions.visibility)
    with pytest.raises(NotAllowed, match="Only people who run Sightline may ask this"):
        ask(name, given, Asker(lena, settings.SIGHTLINE.conventions))


@pytest.mark.usefixtures("nordwind")
def test_what_is_hidden_is_hidden_behind_this_door_too() -> None:
    lena = viewer_for(Person.objects.get(key=LENA).pk, settings.SIGHTLINE.conventions.visibility)
    with pytest.raises(NotFound):
        ask("who", {"target": "works-council"}, Asker(lena, settings.SIGHTLINE.conventions))
    assert ask("who", {"target": "works-council"}, operator()).as_json()["target"]["name"] == "works-council"


@pytest.mark.usefixtures("nordwind")
def test_a_name_that_fits_several_lists_them() -> None:
    Person.objects.create(key="nadia-2", name="Nadia Brandt", began=Person.objects.get(key=NADIA).began)
    with pytest.raises(Ambiguous) as raised:
        ask("access", {"person": "Nadia Brandt"}, operator())
    assert {one.key for one in raised.value.candidates} == {NADIA, "nadia-2"}


@pytest.mark.usefixtures("nordwind")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("access", "nobody-at-all"), 1),
        (("access", "nadia", "--at", "soon"), 2),
        (("whatif", "nadia"), 2),
        (("drift", "--detector", "noise"), 1),
        (("rule", 'user.team == "x"', "--person", "nadia", "--profile", "x.json"), 2),
        (("rule", 'user.team == "x"', "--profile", "/nowhere/x.json"), 1),
        (("evidence",), 2),
    ],
)
def test_the_exit_code_tells_wrong_arguments_from_no_answer(arguments: tuple[str, ...], code: int) -> None:
    with pytest.raises(CommandError) as raised:
        call_command(*arguments, stdout=StringIO())
    assert raised.value.returncode == code
