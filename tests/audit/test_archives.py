"""What counts as what in sheets of TAGS and in Discord’s JSON, and what is read from real ones."""

import json
import random
from pathlib import Path

import pytest

from bot.audit.tags_csv import instant
from tests.audit.conftest import Weaver, only

AS_OF = ("--as-of", "2020-06-04T12:00:00Z", "--format", "json")
HEADER = "id_str,from_user,text,created_at,in_reply_to_status_id_str,is_retweet"
ROW = "{},ada,hello,Thu May 21 20:00:00 +0000 2020,,False"


def sheet(folder: Path, *rows: str, header: str = HEADER, name: str = "sheet.csv") -> Path:
    path = folder / name
    path.write_text("\n".join((header, *rows, "")), encoding="utf-8")
    return path


def test_a_sheet_of_tags(weaver: Weaver, archives: Path) -> None:
    ran = weaver("audit", archives / "chat.csv", *AS_OF, "--bots", "@CHATBOT")
    assert only(ran) == {
        "name": "chat",
        "posts": 5,
        "accounts": 3,
        "replies": 1,
        "reposts": 1,
        "pct_reply": 20.0,
        "pct_repost": 20.0,
        "posts_per_account": 1.7,
        "first_post": "2020-05-21T20:00:00Z",
        "last_post": "2020-05-22T07:00:00Z",
        "active_last_30_days": True,
        "reply_share": 0.25,
        "bot_posts": 1,
        "activity": [4, 1],
    }
    assert "1 repeated row" in ran.err
    assert "in_reply_to_status_id_str" in ran.err
    assert "@CHATBOT" in ran.err


def test_a_channel_of_discord(weaver: Weaver, archives: Path) -> None:
    row = only(weaver("audit", archives / "general.json", *AS_OF))
    assert (row["name"], row["posts"], row["accounts"]) == ("#general", 6, 3)
    assert (row["replies"], row["reposts"], row["bot_posts"]) == (3, 2, 3)
    assert (row["reply_share"], row["activity"]) == (0.75, [5, 1])


def test_a_forum_post_is_one_root(weaver: Weaver, archives: Path) -> None:
    row = only(weaver("audit", archives / "forum-post.json", *AS_OF))
    assert (row["name"], row["posts"], row["replies"]) == ("#How do you begin?", 6, 3)


def test_a_thread_beside_a_channel_answers_the_message_it_hangs_on(
    weaver: Weaver, archives: Path
) -> None:
    row = only(weaver("audit", archives / "side-thread.json", *AS_OF))
    assert (row["posts"], row["replies"]) == (2, 2)


def test_a_real_sheet(weaver: Weaver, shared: Path) -> None:
    path = shared / "data/tags-tidytuesday.csv"
    row = only(weaver("audit", path, "--as-of", "2019-08-20T13:41:33Z", "--format", "json"))
    activity = row.pop("activity")
    assert row == {
        "name": "tags-tidytuesday",
        "posts": 4418,
        "accounts": 1231,
        "replies": 597,
        "reposts": 0,
        "pct_reply": 13.5,
        "pct_repost": 0.0,
        "posts_per_account": 3.6,
        "first_post": "2018-04-02T21:35:08Z",
        "last_post": "2019-08-19T13:41:33Z",
        "active_last_30_days": True,
        "reply_share": 0.1351,
        "bot_posts": 0,
    }
    assert (len(activity), sum(activity)) == (73, 4418)


def test_a_real_channel(weaver: Weaver, shared: Path) -> None:
    # 35 messages less 3 joins and a thread's notice; 2 point to a message; by Adam, Thomas, Patrick
    row = only(weaver("audit", shared / "data/discord-export-sample.json", *AS_OF))
    assert row == {
        "name": "#general",
        "posts": 31,
        "accounts": 3,
        "replies": 2,
        "reposts": 0,
        "pct_reply": 6.5,
        "pct_repost": 0.0,
        "posts_per_account": 10.3,
        "first_post": "2023-01-06T14:03:03Z",
        "last_post": "2023-01-06T16:05:35Z",
        "active_last_30_days": True,
        "reply_share": 0.0645,
        "bot_posts": 0,
        "activity": [31],
    }


def test_the_content_tells_and_not_the_name(weaver: Weaver, archives: Path, tmp_path: Path) -> None:
    marked = tmp_path / "sheet.json"
    marked.write_bytes(b"\xef\xbb\xbf" + (archives / "chat.csv").read_bytes())
    other = tmp_path / "channel.csv"
    other.write_bytes(b"\xef\xbb\xbf" + (archives / "general.json").read_bytes())
    ran = weaver("audit", other, marked, *AS_OF)
    assert [row["name"] for row in json.loads(ran.out)] == ["#general", "sheet"]
    assert [row["posts"] for row in json.loads(ran.out)] == [6, 6]


def test_repeating_and_shuffling_rows_changes_nothing(
    weaver: Weaver, archives: Path, tmp_path: Path
) -> None:
    header, *rows = (archives / "chat.csv").read_text().replace("do you\n", "do you ").splitlines()
    once = weaver("audit", sheet(tmp_path, *rows, header=header), *AS_OF)
    rows += rows[2:5]
    random.shuffle(rows)
    assert weaver("audit", sheet(tmp_path, *rows, header=header), *AS_OF).out == once.out


@pytest.mark.parametrize("name", ["helper-bot", "@Helper-Bot", "HELPER-BOT", "77"])
def test_bots_that_are_named_change_nothing_else(weaver: Weaver, tmp_path: Path, name: str) -> None:
    header = (
        "id_str,from_user,from_user_id_str,text,created_at,in_reply_to_status_id_str,is_retweet"
    )
    rows = [
        "1,ada,5,hello,Thu May 21 20:00:00 +0000 2020,,False",
        "2,emmy,6,hi,Thu May 21 20:01:00 +0000 2020,1,False",
    ]
    before = only(weaver("audit", sheet(tmp_path, *rows, header=header), *AS_OF))
    rows += [
        "3,Helper-Bot,77,beep,Mon Jan 06 20:00:00 +0000 2020,,False",
        "4,Helper-Bot,77,beep,Fri Jun 05 20:01:00 +0000 2020,2,True",
    ]
    path = sheet(tmp_path, *rows, header=header)
    after = only(weaver("audit", path, *AS_OF, "--bots", "nobody", "--bots", name))
    assert after == before | {"bot_posts": 2}


@pytest.mark.parametrize(
    ("columns", "cells", "rule"),
    [
        ("in_reply_to_status_id_str,in_reply_to_user_id_str", ",9", None),
        ("in_reply_to_status_id_str,in_reply_to_user_id_str", "NA,9", None),
        ("in_reply_to_status_id,is_retweet", "8,False", "in_reply_to_status_id set"),
        ("in_reply_to_user_id_str,is_retweet", "9,FALSE", "in_reply_to_user_id_str set"),
        ("source,is_retweet", "web,False", "text starts with @"),
    ],
)
def test_the_best_sign_of_a_reply_decides(
    weaver: Weaver, tmp_path: Path, columns: str, cells: str, rule: str | None
) -> None:
    path = sheet(
        tmp_path,
        f"1,ada,@bob hello,2020-05-21T20:00:00Z,{cells}",
        header=f"id_str,from_user,text,created_at,{columns}",
    )
    ran = weaver("audit", path, *AS_OF)
    assert only(ran)["replies"] == (rule is not None)
    assert (rule or "in_reply_to_status_id_str set") in ran.err


@pytest.mark.parametrize(("cell", "text", "reposts"), [("True", "x", 1), ("False", "RT @a", 0)])
def test_a_retweet_column_wins_over_the_text(
    weaver: Weaver, tmp_path: Path, cell: str, text: str, reposts: int
) -> None:
    row = f"1,ada,{text},Thu May 21 20:00:00 +0000 2020,,{cell}"
    assert only(weaver("audit", sheet(tmp_path, row), *AS_OF))["reposts"] == reposts


def test_without_that_column_rt_tells(weaver: Weaver, tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        "1,ada,RT @bob: hi,Thu May 21 20:00:00 +0000 2020",
        header="id_str,from_user,text,created_at",
    )
    assert only(weaver("audit", path, *AS_OF))["reposts"] == 1


def test_the_sheets_own_time_serves_only_for_want_of_created_at(
    weaver: Weaver, tmp_path: Path
) -> None:
    path = sheet(
        tmp_path, "1;ada;hello, you;21/05/2020 20:00:00", header="id_str;from_user;text;time"
    )
    ran = weaver("audit", path, *AS_OF)
    assert only(ran)["first_post"] == "2020-05-21T20:00:00Z"
    assert "time column, read as UTC" in ran.err


def test_blank_rows_are_no_posts(weaver: Weaver, tmp_path: Path) -> None:
    path = sheet(tmp_path, "", ",,,,,", ROW.format(1), "")
    assert only(weaver("audit", path, *AS_OF))["posts"] == 1


def test_a_sheet_of_no_rows_or_all_outside_gives_its_row(weaver: Weaver, tmp_path: Path) -> None:
    full = sheet(tmp_path, ROW.format(1), name="full.csv")
    ran = weaver(
        "audit", sheet(tmp_path), full, *AS_OF, "--until", "2020-05-21", "--since", "2020-05-20"
    )
    for name, row in zip(("sheet", "full"), json.loads(ran.out), strict=True):
        assert row == {
            "name": name,
            "posts": 0,
            "accounts": 0,
            "replies": 0,
            "reposts": 0,
            "pct_reply": None,
            "pct_repost": None,
            "posts_per_account": None,
            "first_post": None,
            "last_post": None,
            "active_last_30_days": False,
            "reply_share": None,
            "bot_posts": 0,
            "activity": [0],
        }


def test_since_is_inclusive_and_until_exclusive(weaver: Weaver, tmp_path: Path) -> None:
    path = sheet(tmp_path, ROW.format(1))
    at = "2020-05-21T21:00:00+01:00"
    assert only(weaver("audit", path, *AS_OF, "--since", at))["posts"] == 1
    assert only(weaver("audit", path, *AS_OF, "--until", at))["posts"] == 0


def test_dates_have_one_instant_in_each_form() -> None:
    assert instant("Sun Aug 18 18:22:42 +0000 2019") == 1566152562
    assert instant("2019-08-18T18:22:42Z") == 1566152562
    assert instant("2019-08-18T18:22:42.000Z") == 1566152562
    assert instant("2019-08-18 18:22:42") == 1566152562
    assert instant("18/08/2019 18:22:42") == 1566152562
    assert instant("Sun Aug 18 19:22:42 +0100 2019") == 1566152562


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "Sun Aug 18 18:22:42",
        "Sun Aug 18 18:22:61 +0000 2019",
        "Sun Aug 18 25:22:42 +0000 2019",
        "31/02/2020 18:22:42",
        "2019-08-18T18:22:42Zebra",
    ],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises((KeyError, ValueError, IndexError)):
        instant(text)
