"""What the pages say, word by word: written by hand, read without the markup."""

import pytest

from tests.portal.conftest import SignIn
from tests.portal.keys import LENA, MALLORY, NADIA, QUINN, TOMAS
from tests.portal.reading import read, words

ADMINS = "sightline-admins-4919cc611d"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("nordwind")]


def test_my_access_says_what_i_have_and_because_of_what(as_person: SignIn) -> None:
    text, links = read(as_person("nadia").get("/").content)
    assert (
        "What do I have? What if I moved? 4 apps Team Cucumber Department Engineering Reports to Lena Osei"
        in text
    )
    assert "With your team Cucumber F Figma Editor With your department Engineering D Datadog" in text
    assert (
        "Given to you individually not to your team R Radish on-call Added by hand by Tomas Okafor." in text
    )
    assert (
        "Everyone at the company has 1 more: Slack S Slack What others in Cucumber have that you don’t"
        in text
    )
    assert "Radish staging Viewer 1 of 3 given to people one by one Why not : Radish staging" in text
    assert links["Why not: Radish staging"] == f"/people/{NADIA}/why/radish-staging-3ea1735a81/"
    assert links["What if I moved?"] == f"/people/{NADIA}/what-if/"
    assert "My team Cucumber 3 people, 5 apps" in text


def test_a_colleagues_page_is_grouped_alike_and_speaks_of_them(as_person: SignIn) -> None:
    text = words(as_person("nadia").get(f"/people/{LENA}/").content)
    assert "With the team Cucumber F Figma Editor With the department Engineering D Datadog" in text
    assert "Given individually not to the team R Radish staging" in text


def test_my_access_tells_moves_and_apps_not_groups(as_person: SignIn) -> None:
    text, links = read(as_person("nadia").get("/").content)
    lately = text[text.index("Lately") : text.index("My team")]
    assert "You moved from Radish to Cucumber." in lately
    assert "team-cucumber" not in lately
    assert "Nadia" not in lately
    assert links["The whole story: You moved from Radish to Cucumber."].startswith("/moves/")


def test_a_team_says_where_each_app_comes_from(as_person: SignIn) -> None:
    text, links = read(as_person("quinn").get("/teams/cucumber/").content)
    assert (
        "What does Cucumber have? Compare with what I have Team of 3 Led by Lena Osei 1 app comes with it"
        in text
    )
    assert "Comes with Cucumber everyone in it has these F Figma Editor" in text
    assert "From Engineering the department above D Datadog" in text
    assert "Radish on-call Nadia Brandt radish-oncall" in text
    assert "Everyone at the company has 1 more: Slack" in text
    assert "Cucumber was renamed from Gherkin." in text
    assert links["Engineering"] == "/teams/engineering/"


def test_a_team_of_the_past_has_its_people_and_its_name_of_then(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/teams/cucumber/?at=2026-03-01").content)
    assert "You are looking at 1 March 2026 , not at today." in text
    assert "What did Gherkin have? Compare with what I have Team of 2" in text
    assert "Comes with Gherkin everyone in it has these" in text
    assert "Sightline first read everything" not in text
    assert "Nadia Brandt" not in text


def test_of_the_time_before_the_first_read_nothing_is_known(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/?at=2025-12-24").content)
    assert "You are looking at 24 December 2025 , not at today." in text
    assert (
        "Sightline first read everything on 1 March 2026:"
        " of the time before, it knows nothing or only a part." in text
    )


def test_an_old_name_of_a_team_still_leads_to_it(as_person: SignIn) -> None:
    assert "What does Cucumber have?" in words(as_person("nadia").get("/teams/gherkin/").content)


def test_the_tree_counts_people_and_apps_upwards(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/teams/").content)
    assert "Engineering department 4 people 3 apps" in text
    assert "Cucumber team 3 people 1 app" in text
    assert "1 unit" in words(as_person("nadia").get("/teams/?q=cucum").content)


def test_a_person_has_a_title_units_a_manager_and_a_move(as_person: SignIn) -> None:
    text, links = read(as_person("nadia").get(f"/people/{NADIA}/").content)
    assert "Designer nadia@nordwind.example Reports to Lena Osei Cucumber team Engineering department" in text
    assert links["2 March 2026"].startswith("/moves/")
    assert "Latest move" not in words(as_person("quinn").get(f"/people/{NADIA}/").content)


def test_a_person_s_groups_say_how_and_since_when(as_person: SignIn) -> None:
    text = words(as_person("nadia").get(f"/people/{NADIA}/?tab=groups").content)
    assert "radish-oncall added by hand 9 February 2026 Added by hand by Tomas Okafor." in text
    assert (
        "dept-engineering rule “Engineering” before 1 March 2026 Because of the rule “Engineering”." in text
    )


def test_a_person_s_reports_and_history(as_person: SignIn) -> None:
    assert "Nadia Brandt Designer" in words(as_person("nadia").get(f"/people/{LENA}/?tab=reports").content)
    text = words(as_person("nadia").get(f"/people/{NADIA}/?tab=history").content)
    assert "You now have team Cucumber instead of Radish in Okta." in text


def test_why_says_every_way_and_its_proof(as_person: SignIn) -> None:
    page = as_person("quinn").get(f"/people/{NADIA}/why/figma-3cc92972d4/").content
    text = words(page)
    assert "Why Nadia Brandt can use Figma" in text
    assert (
        "Nadia Brandt’s team is Cucumber. The rule “Cucumber team” puts Nadia Brandt into team-cucumber,"
        " which opens Figma as Editor."
    ) in text
    assert 'Cucumber team user.team == "cucumber" confirmed by Okta' in text
    drawn = page.decode()
    assert drawn.count('class="k"') == 8
    assert ">team is Cucumber</text>" in drawn


def test_why_of_what_everybody_has(as_person: SignIn) -> None:
    text = words(as_person("nadia").get(f"/people/{NADIA}/why/slack-f3eb287251/").content)
    assert "You are in Everyone, as everybody is, which opens Slack." in text


def test_why_lost_and_why_not(as_person: SignIn) -> None:
    lost = words(as_person("nadia").get(f"/people/{NADIA}/why/radish-staging-3ea1735a81/").content)
    assert "Why you cannot use Radish staging" in lost
    assert "You no longer have Radish staging: no longer in team-radish since 2 March 2026." in lost
    never = words(as_person("nadia").get(f"/people/{QUINN}/why/team-cucumber-bcda84a3ba/").content)
    assert "The rule “Cucumber team” would match if team is Cucumber (now Fennel)." in never


def test_an_app_says_who_how_and_whether_it_goes_by_itself(as_person: SignIn) -> None:
    text, links = read(as_person("quinn").get("/apps/figma-3cc92972d4/").content)
    assert "Who has Figma? 4 people 2 groups open it" in text
    assert "TO Tomas Okafor Viewer rule “Engineering” before 1 March 2026" in text
    assert "Okta creates and updates accounts in it. Okta closes the account when access ends." in text
    assert "Whom to ask LO Lena Osei lena@nordwind.example Owns team-cucumber in Okta." in text
    assert links["Tomas Okafor"] == f"/people/{TOMAS}/why/figma-3cc92972d4/"


def test_an_app_that_did_not_change_does_not_say_that_nobody_came_by_a_group(as_person: SignIn) -> None:
    nothing = "Nothing about the app itself is known to have changed. Who came or went by a group stands on"
    pages = [words(as_person("nadia").get(page).content) for page in app_pages(as_person)]
    assert any(f"{nothing} that group’s page." in page for page in pages)
    assert not any("No change here is known." in page for page in pages)


def app_pages(as_person: SignIn) -> set[str]:
    """The addresses of all apps."""
    _, links = read(as_person("nadia").get("/apps/").content)
    return {
        url for url in links.values() if url.startswith("/apps/") and url.endswith("/") and url != "/apps/"
    }


@pytest.mark.parametrize("at", ["", "?at=2026-03-01"])
@pytest.mark.parametrize("address", ["/apps/figma-3cc92972d4/", "/groups/team-cucumber-bcda84a3ba/"])
def test_only_what_a_reader_does_not_have_today_can_be_requested(
    address: str, at: str, as_person: SignIn
) -> None:
    """Nadia has both since she moved to Cucumber, on 2 March; Quinn has neither."""
    has = words(as_person("nadia").get(address + at).content)
    assert "Whom to ask LO Lena Osei lena@nordwind.example Owns team-cucumber in Okta." in has
    assert ("Text to send" in has, "Please " in has) == (False, False)
    lacks = words(as_person("quinn").get(address + at).content)
    assert "Text to send" in lacks
    assert "Quinn Abe (quinn@nordwind.example)" in lacks


def test_a_page_of_a_day_before_does_not_ask_for_what_somebody_has_by_now(as_person: SignIn) -> None:
    text = words(as_person("quinn").get(f"/people/{NADIA}/why/figma-3cc92972d4/?at=2026-02-20").content)
    assert "Whom to ask Nadia Brandt has it today." in text
    assert "Text to send" not in text


def test_a_group_says_what_puts_people_in_and_what_it_opens(as_person: SignIn) -> None:
    text = words(as_person("quinn").get("/groups/team-cucumber-bcda84a3ba/").content)
    takes = "What puts people in It takes everyone whose team is Cucumber. Cucumber team"
    assert f'{takes} user.team == "cucumber" Active: whoever matches is added' in text
    assert "What it opens F Figma Editor Who is in it 3" in text
    assert "Stands for Cucumber team" in text
    assert "Slack push fails No such channel." in text


def test_lists_filter_sort_and_know_the_unit(as_person: SignIn) -> None:
    client = as_person("nadia")
    assert "2 apps" in words(client.get("/apps/?q=radish").content)
    down = words(client.get("/apps/?sort=-name").content)
    assert down.index("Slack") < down.index("Datadog")
    fennel = words(client.get("/people/?unit=fennel").content)
    assert "1 person" in fennel
    assert "Quinn Abe" in fennel
    assert "1 person" in words(client.get("/people/?q=abe&page=999").content)


def test_a_list_of_the_past_does_not_know_what_came_later(as_person: SignIn) -> None:
    client = as_person("nadia")
    assert "0 apps" in words(client.get("/apps/?at=2026-02-01").content)
    then = words(client.get("/groups/?at=2026-03-01&q=team-").content)
    assert "team-cucumber AUTO team Cucumber group 2 1" in then
    assert "team-radish AUTO team Radish group 2 1" in then


def test_search_finds_people_things_and_questions(as_person: SignIn) -> None:
    client = as_person("nadia")
    _, links = read(client.get("/search/?q=cuc").content)
    assert (links["Cucumber"], links["team-cucumber"]) == (
        "/teams/cucumber/",
        "/groups/team-cucumber-bcda84a3ba/",
    )
    fragment = client.get("/search/?q=osei&partial=palette").content.decode()
    assert fragment.count('role="option"') == 1
    assert "<html" not in fragment


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (
            "why can I use Figma",
            {"Why do I have Figma, or why not?": f"/people/{NADIA}/why/figma-3cc92972d4/"},
        ),
        ("why can’t I use taging", {}),
        (
            "why can’t I use radish",
            {"Why do I have Radish on-call, or why not?": f"/people/{NADIA}/why/radish-on-call-a082322b40/"},
        ),
        (
            "Why does Lena have figma?",
            {"Why does Lena Osei have Figma, or why not?": f"/people/{LENA}/why/figma-3cc92972d4/"},
        ),
        (
            "why is tomas in sightline-admins",
            {"Why does Tomas Okafor have sightline-admins, or why not?": f"/people/{TOMAS}/why/{ADMINS}/"},
        ),
        ("who has figma", {"Who has Figma?": "/apps/figma-3cc92972d4/"}),
        ("who is in team-cucumber?", {"Who has team-cucumber?": "/groups/team-cucumber-bcda84a3ba/"}),
        ("what does Cucumber have", {"What does Cucumber have?": "/teams/cucumber/"}),
        ("what does osei have", {"What does Lena Osei have?": f"/people/{LENA}/"}),
        ("what does my team have", {"What does Cucumber have?": "/teams/cucumber/"}),
        ("what do I have", {"What do I have?": "/"}),
        ("nadia", {"Nadia Brandt": f"/people/{NADIA}/"}),
        ("who has works-council", {}),
        ("why can zed use figma", {}),
    ],
)
def test_a_question_is_understood_as_people_ask_it(
    question: str, answer: dict[str, str], as_person: SignIn
) -> None:
    _, links = read(as_person("nadia").get("/search/", {"q": question}).content)
    found = {name: address for name, address in links.items() if name.endswith("?") or name == "Nadia Brandt"}
    assert answer.items() <= found.items()
    assert bool(answer) == any(name.endswith("?") for name in found) or question == "nadia"


@pytest.mark.parametrize(
    "address",
    ["/", "/people/", f"/people/{MALLORY}/", "/teams/cucumber/", "/groups/radish-oncall-7c07f7d20b/"],
)
def test_hostile_names_stay_text(address: str, as_person: SignIn) -> None:
    page = as_person("hostile").get(address).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "x" * 5000 not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("address", ["/outbox/", "/moves/", "/drift/", "/sources/", "/rehearsals/"])
def test_a_page_that_knows_no_other_day_shows_today_and_offers_no_other(
    address: str, as_person: SignIn
) -> None:
    content = as_person("tomas").get(f"{address}?at=2026-03-01").content
    assert "You are looking at" not in words(content)
    assert b'id="at"' not in content


def test_a_page_that_knows_other_days_offers_them(as_person: SignIn) -> None:
    assert b'id="at"' in as_person("tomas").get("/teams/cucumber/").content


def test_of_a_day_before_the_first_sync_nothing_is_said_of_since_then(as_person: SignIn) -> None:
    text = words(as_person("nadia").get("/?at=2026-01-10").content)
    assert "No apps known Nothing that Sightline knows of opened an app for you then." in text
    assert "No change before that day is known." in text
    assert "since Sightline began" not in text
