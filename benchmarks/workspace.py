"""The pretend company's Slack in a process of its own, with as many people as are written to."""

from collections import Counter
from multiprocessing.connection import Connection

from .beside import Beside, questions


class Workspace(Beside):
    """A workspace of so many people, served while `with` lasts."""

    def __init__(self, people: int) -> None:
        super().__init__(_serve, people)

    @property
    def url(self) -> str:
        return str(self.announced[0])

    @property
    def token(self) -> str:
        return str(self.announced[1])

    def arrived(self) -> Counter[str]:
        """How often a message arrived, by the id it carries."""
        found: Counter[str] = self.ask("arrived")
        return found


def address(number: int) -> str:
    """The e-mail address of the person with this number."""
    return f"person{number}@nordwind.example"


def _serve(pipe: Connection, people: int) -> None:
    from sandbox.slack.server import SlackPerson, SlackServer

    accounts = [SlackPerson(address(number), f"Person {number}", f"U{number}") for number in range(people)]
    with SlackServer(lambda: accounts) as slack:
        pipe.send((slack.api_url, slack.token))
        for _ in questions(pipe):
            posts = [post.metadata for post in slack.posts if post.metadata]
            pipe.send(Counter(str(each["event_payload"]["outbox_id"]) for each in posts))
