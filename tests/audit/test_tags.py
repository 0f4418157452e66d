"""The command `weaver tags`."""

import json

from tests.audit.conftest import Weaver


def test_tags_are_listed_one_a_line(weaver: Weaver) -> None:
    assert weaver("tags", "an #Old #tag is #Old-fashioned").out == "Old\ntag\nOld-fashioned\n"
    assert weaver("tags", "none") == (0, "", "")


def test_the_platform_decides(weaver: Weaver) -> None:
    text = "(#one) #two-three #Dé"
    assert json.loads(weaver("tags", "--json", text).out) == ["two-three", "Dé"]
    assert json.loads(weaver("tags", "--json", "--platform", "twitter", text).out) == [
        "one",
        "two",
        "Dé",
    ]
    for platform in ("mastodon", "discord"):
        assert weaver("tags", "--platform", platform, text).out == "two\nDé\n"
    assert weaver("tags", "--platform", "myspace", text).code == 2


def test_standard_input_is_read_whole(weaver: Weaver) -> None:
    assert weaver("tags", "-", stdin="#één\n#two\n".encode()).out == "één\ntwo\n"
    assert weaver("tags", "--json", "-", stdin=b"").out == "[]\n"


def test_what_is_no_utf8_is_refused(weaver: Weaver) -> None:
    ran = weaver("tags", "-", stdin=b"#caf\xe9")
    assert (ran.code, ran.out) == (2, "")
    assert "standard input is no UTF-8" in ran.err
    assert "TEXT is no UTF-8" in weaver("tags", "#caf\udce9").err
