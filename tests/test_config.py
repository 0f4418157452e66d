"""The operator's settings: what is read, what wins, and what is refused in plain words."""

from pathlib import Path

import pytest

from bot.config import EXAMPLE, Config, load
from bot.domain.errors import UserError
from bot.kernel.house import plugins_of

LOBBY = 'spaces = [{ id = "lobby", purpose = "lobby" }]\n'
GARDEN = f'[community.garden]\nname = "The garden"\n{LOBBY}'


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in a folder without a config.toml."""
    monkeypatch.chdir(tmp_path)


def _loaded(text: str, **environment: str) -> Config:
    Path("mine.toml").write_text(text, encoding="utf-8")
    return load(environment, Path("mine.toml"))


def _refused(text: str, **environment: str) -> str:
    with pytest.raises(UserError) as refusal:
        plugins_of(_loaded(text, **environment))
    said = str(refusal.value)
    assert "\n" not in said
    return said


def test_without_a_file_there_is_the_example() -> None:
    config = load({})

    assert config.source == EXAMPLE
    assert config.is_example
    assert list(config.communities) == ["tally-math"]


def test_a_config_toml_in_the_folder_is_read() -> None:
    Path("config.toml").write_text(GARDEN, encoding="utf-8")

    assert list(load({}).communities) == ["garden"]
    assert not load({}).is_example


def test_a_file_that_the_environment_names_comes_before_the_one_in_the_folder() -> None:
    Path("config.toml").write_text(GARDEN, encoding="utf-8")
    Path("other.toml").write_text(GARDEN.replace("garden", "orchard"), encoding="utf-8")

    assert list(load({"WEAVER_CONFIG": "other.toml"}).communities) == ["orchard"]
    assert list(load({"WEAVER_CONFIG": ""}).communities) == ["garden"]


def test_a_file_that_the_command_names_comes_first() -> None:
    Path("other.toml").write_text(GARDEN.replace("garden", "orchard"), encoding="utf-8")
    Path("config.toml").write_text(GARDEN, encoding="utf-8")

    found = load({"WEAVER_CONFIG": "config.toml"}, Path("other.toml"))

    assert list(found.communities) == ["orchard"]


def test_settings_of_weaver_alone_leave_the_example_community() -> None:
    config = _loaded("[weaver]\nport = 9000\n")

    assert config.weaver.port == 9000
    assert list(config.communities) == ["tally-math"]


def test_the_environment_wins_over_the_file() -> None:
    text = '[weaver]\nport = 9000\ndata = "here"\ndatabase_url = "sqlite:///here.db"\n'
    config = _loaded(
        text, WEAVER_PORT="9001", WEAVER_DATA="there", WEAVER_DATABASE_URL="sqlite:///there.db"
    )

    assert (config.weaver.port, config.data) == (9001, Path("there"))
    assert config.database == "sqlite:///there.db"


def test_an_empty_variable_says_nothing() -> None:
    config = _loaded("[weaver]\nport = 9000\n", WEAVER_PORT="", WEAVER_DATA="")

    assert (config.weaver.port, config.data) == (9000, Path("data"))


def test_a_contact_that_reaches_nobody_is_refused_with_its_cure() -> None:
    assert _loaded('[weaver]\ncontact = "hana@garden.example"\n').weaver.contact
    said = _refused('[weaver]\ncontact = "Hana"\n')

    assert said.startswith("mine.toml: weaver.contact: 'Hana' reaches nobody; write a mail address")


def test_the_database_is_a_file_in_the_data_folder() -> None:
    assert load({"WEAVER_DATA": "there"}).database == str(Path("there") / "weaver.db")


def test_a_community_has_what_its_table_says() -> None:
    text = (
        '[community.garden]\nname = "The garden"\nzone = "Europe/London"\n'
        'hosts = ["sandbox:hana"]\nplugins = ["welcome"]\n'
        'spaces = [{ id = "gate", purpose = "lobby" }, { id = "tea", name = "Tea room" }]\n'
    )
    garden = _loaded(text).communities["garden"].community("garden")

    assert (garden.name, garden.zone) == ("The garden", "Europe/London")
    assert garden.hosts == {"sandbox:hana"}
    assert [(space.id, space.name, space.purpose) for space in garden.spaces] == [
        ("gate", "gate", "lobby"),
        ("tea", "Tea room", "talk"),
    ]


@pytest.mark.parametrize(
    ("text", "place", "cure"),
    [
        ("[weather]\n", "weather", "config.example.toml shows all there are"),
        ("[weaver]\ncolour = 1\n", "weaver.colour", "config.example.toml shows all there are"),
        (GARDEN + "colour = 1\n", "community.garden.colour", "config.example.toml"),
        (
            GARDEN.replace('purpose = "lobby"', "purpse = 1"),
            "community.garden.spaces.0.purpse",
            "config.example.toml",
        ),
        (
            GARDEN + "[community.garden.chats]\npase = 3\n",
            "community.garden.chats",
            "there is no setting 'pase'; there are: announce_minutes, minutes, pace, warmup",
        ),
        (
            GARDEN + "[community.garden.kudos]\nmost = 3\n",
            "community.garden.kudos",
            "there is no setting or enabled plugin of that name",
        ),
        (
            GARDEN + 'plugins = ["welcome"]\n[community.garden.chats]\npace = 3\n',
            "community.garden.chats",
            "there is no setting or enabled plugin of that name",
        ),
        (f"[community.garden]\n{LOBBY}", "community.garden.name", "is missing"),
        ('[community.garden]\nname = "G"\n', "community.garden.spaces", "is missing"),
        (
            '[community.garden]\nname = "G"\nspaces = []\n',
            "community.garden.spaces",
            "write one or more",
        ),
        (GARDEN.replace('id = "lobby", ', ""), "community.garden.spaces.0.id", "is missing"),
    ],
)
def test_a_setting_that_is_unknown_or_missing_is_named(text: str, place: str, cure: str) -> None:
    said = _refused(text)

    assert said.startswith(f"mine.toml: {place}: ")
    assert cure in said


@pytest.mark.parametrize(
    ("text", "place", "cure"),
    [
        ('[weaver]\nport = "abc"\n', "weaver.port", "write a whole number, not 'abc'"),
        ("[weaver]\nport = 70000\n", "weaver.port", "write at most 65535, not 70000"),
        ("[weaver]\nport = -1\n", "weaver.port", "write at least 0, not -1"),
        ("[weaver]\ndata = 3\n", "weaver.data", "write a path in quotation marks, not 3"),
        ('[weaver]\ndry_run = "maybe"\n', "weaver.dry_run", "write true or false, not 'maybe'"),
        ("community = 3\n", "community", "write a table, not 3"),
        ('[community]\ngarden = "x"\n', "community.garden", "write a table, not 'x'"),
        (GARDEN + "language = 3\n", "community.garden.language", "write words in quotation marks"),
        (GARDEN + 'hosts = "ada"\n', "community.garden.hosts", "write a list in square brackets"),
        (
            GARDEN + "[community.garden.chats]\npace = 0\n",
            "community.garden.chats",
            "pace: write at least 1, not 0",
        ),
        (
            GARDEN + '[community.garden.chats]\npace = "quick"\n',
            "community.garden.chats",
            "pace: write a whole number, not 'quick'",
        ),
        (
            GARDEN + '[community.garden.pulse]\nmode = "loud"\n',
            "community.garden.pulse",
            "mode: write 'conversation', 'announcements' or 'resources', not 'loud'",
        ),
        (
            GARDEN + '[community.garden.welcome]\nsignposts = "left"\n',
            "community.garden.welcome",
            "signposts: write a table, not 'left'",
        ),
        (
            GARDEN
            + '[[community.garden.amplify.routes]]\ntag = "a b"\naudience = "x"\nasks = "tag"\n',
            "community.garden.amplify",
            "routes.0.tag: 'a b' is no hashtag; write one like TallyMathMS",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_told_what_to_write(text: str, place: str, cure: str) -> None:
    said = _refused(text)

    assert said.startswith(f"mine.toml: {place}: ")
    assert cure in said


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        (GARDEN + 'zone = "London"\n', "zone: there is no time zone 'London'; write one like"),
        (GARDEN.replace("community.garden", 'community."a:b"'), "in letters, digits, - and _ only"),
        (GARDEN + 'hosts = ["ada"]\n', "hosts: write 'ada' as platform:id"),
        (
            GARDEN.replace('id = "lobby"', 'id = "lobby", platform = "pigeon"'),
            "write 'sandbox', 'bluesky' or 'discord', not 'pigeon'",
        ),
        (
            GARDEN.replace(LOBBY, 'spaces = [{ id = "a" }, { id = "a" }]\n'),
            "spaces: 'a' is there twice; leave one of them out",
        ),
        (
            GARDEN.replace('purpose = "lobby"', 'purpose = "audience"'),
            'give one purpose = "lobby"',
        ),
        (GARDEN + 'plugins = ["welcom"]\n', "plugins: there is no plugin 'welcom'; installed are"),
    ],
)
def test_what_cannot_be_is_refused_with_its_cure(text: str, cure: str) -> None:
    said = _refused(text)

    assert said.startswith("mine.toml: community.")
    assert cure in said


@pytest.mark.parametrize("value", ["abc", "-1", "70000", "80.5"])
def test_a_port_from_the_environment_is_named_by_its_variable(value: str) -> None:
    assert _refused("", WEAVER_PORT=value).startswith("WEAVER_PORT: write ")


def test_a_file_that_is_not_there_is_named() -> None:
    with pytest.raises(
        UserError, match=r"^none\.toml: there is no such file; copy config\.example"
    ):
        load({"WEAVER_CONFIG": "none.toml"})


def test_a_folder_is_no_file() -> None:
    Path("folder").mkdir()
    with pytest.raises(UserError, match=r"^folder: cannot be read \(is a directory\)"):
        load({}, Path("folder"))


def test_a_line_that_is_no_toml_is_named() -> None:
    assert "mine.toml: is no valid TOML: " in (said := _refused("[weaver]\nport = 1\nport = 2\n"))
    assert "line 3" in said


def test_a_file_in_another_encoding_is_told_which_to_use() -> None:
    Path("mine.toml").write_text(GARDEN, encoding="utf-16")
    with pytest.raises(UserError, match=r"^mine\.toml: is no UTF-8 text; save it as UTF-8$"):
        load({}, Path("mine.toml"))
