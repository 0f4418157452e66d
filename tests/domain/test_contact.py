"""A contact reaches somebody, and is said in one way."""

import pytest

from bot.domain.contact import checked, whom_to_ask


@pytest.mark.parametrize(
    "contact",
    [
        "hana@garden.example",
        "https://garden.example/about?who=weaver",
        "http://localhost:8080/",
        "@hana.garden.example",
        "@hana",
        "@hana@social.example",
    ],
)
def test_addresses_and_handles_are_taken_as_they_are(contact: str) -> None:
    assert checked(contact) == contact
    assert whom_to_ask(contact) == f"A person looks after this bot: {contact}"


def test_nothing_is_said_where_there_is_none() -> None:
    assert checked("") == ""
    assert whom_to_ask("") == ""


@pytest.mark.parametrize(
    "contact",
    [
        "Hana",
        "hana@garden",
        "hana at garden.example",
        "ftp://garden.example",
        "https://",
        "@",
        "hana@garden.example\nand more",
        "<b>hana@garden.example",
        f"{'h' * 120}@garden.example",
    ],
)
def test_what_reaches_nobody_is_refused_with_its_cure(contact: str) -> None:
    with pytest.raises(ValueError, match="write a mail address, a web address"):
        checked(contact)
