"""Every figure of an audit with its formula, n, range, window and exclusions: JSON and CSV."""

import csv
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any

from bot.audit.detail import ENOUGH_PEOPLE, FEWEST, SMALLEST, Detail
from bot.audit.figures import Figures
from bot.audit.table import Audit, Line
from bot.domain.measures import half_up, iso_utc, percentage, wilson

LEFT_OUT = (
    "posts of bots (the platform’s own mark, webhooks, and accounts that were named as bots)",
    "rows that repeat an id",
    "notices of the platform (joins, pins, boosts)",
    "posts outside the window",
)
"""What no figure counts."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``k`` of ``n`` where it is a share, with its 90 % range in per cent."""

    name: str
    formula: str
    value: float | int | str | None
    k: int | None = None
    n: int | None = None
    low: float | None = None
    high: float | None = None
    withheld: str = ""
    """Why there is no value, where it would say too much or too little."""


def figures_of(line: Line, audit: Audit) -> Iterator[Figure]:
    """Give every figure of an archive."""
    found = line.figures
    yield Figure("posts", "all posts, reposts included", found.posts)
    yield _people(found)
    yield _share("pct_reply", "replies / posts, in %", found.replies, found.posts)
    yield _reposts(line)
    yield _each(found)
    said = found.posts - found.reposts
    formula = "replies / (posts - reposts), in %"
    if line.doubt:
        formula += f"; {line.doubt}"
    yield _share("pct_conversation", formula, found.replies, said)
    yield Figure("quotes", "posts that show another post; counted as originals", found.quotes)
    yield Figure("bot_posts", "posts of bots, which no other figure counts", found.bot_posts)
    yield Figure("repeated_rows", "rows - distinct ids; dropped", found.repeated)
    for name, instant in (("first_post", found.first), ("last_post", found.last)):
        value = None if instant is None else iso_utc(instant)
        yield Figure(name, f"time of the {name[:-5]} post, UTC", value)
    active = "yes" if found.active(audit.as_of) else "no"
    yield Figure("active_last_30_days", "as of - last post <= 30 days, to the second", active)
    if line.detail is not None:
        yield from _bands(line.detail)


def _people(found: Figures) -> Figure:
    formula = "distinct accounts that posted or reposted"
    if 1 < found.accounts < FEWEST:
        return Figure("accounts", formula, None, withheld="one or two people")
    return Figure("accounts", formula, found.accounts)


def _reposts(line: Line) -> Figure:
    formula = "reposts / posts, in %"
    if not line.tells_reposts:
        return Figure("pct_repost", formula, None, withheld="not told by this format")
    return _share("pct_repost", formula, line.figures.reposts, line.figures.posts)


def _each(found: Figures) -> Figure:
    formula = "posts / accounts"
    if 1 < found.accounts < FEWEST:
        return Figure("posts_per_account", formula, None, withheld="one or two people")
    return Figure("posts_per_account", formula, found.posts_per_account, found.posts)


def _share(name: str, formula: str, k: int, n: int) -> Figure:
    """Give a share with its 90 % Wilson range; of under 10 posts it is withheld."""
    limits = wilson(k, n)
    if n < SMALLEST or limits is None:
        return Figure(name, formula, None, n=n, withheld=f"under {SMALLEST} posts")
    low, high = (half_up(round(edge * 1e9), 10**7, 1) for edge in limits)
    return Figure(name, formula, percentage(k, n), k, n, low, high)


def _bands(detail: Detail) -> Iterator[Figure]:
    few = f"under {ENOUGH_PEOPLE} people"
    single = "a count would be of one or two people"
    why = few if detail.people < ENOUGH_PEOPLE else single
    formulas = {
        "people_core": "the fewest people who wrote half of the posts, reposts left out",
        "people_active": "others who posted in two ISO weeks or more",
        "people_peripheral": "others, who posted in one ISO week only",
    }
    for name, formula in formulas.items():
        value = getattr(detail.bands, name.removeprefix("people_"), None)
        n = None if value is None else detail.people
        yield Figure(name, formula, value, n=n, withheld="" if detail.bands else why)
    formula = "the fewest people who wrote half of the posts (CHAOSS: contributor absence factor)"
    carried, n = detail.carried_by, detail.people if detail.carried_by else None
    withheld = "" if carried else why
    yield Figure("contributor_absence_factor", formula, carried, n=n, withheld=withheld)


def as_json(audit: Audit, left_out: Sequence[str]) -> str:
    """Write all that the report says, and each archive's weeks."""
    whole = {
        "as_of": iso_utc(audit.as_of),
        "window": _window(audit),
        "exclusions": [*LEFT_OUT, *_named(audit)],
        "interval": "90 % Wilson score interval (z = 1.645), in %",
        "not_read": left_out,
        "archives": [
            {
                "name": line.name,
                "rules": line.rules,
                "figures": [asdict(figure) for figure in figures_of(line, audit)],
                "weeks": [
                    {"monday": str(week.monday), "posts": week.posts, "replies": week.replies}
                    for week in (line.detail.weeks if line.detail else ())
                ],
            }
            for line in audit.lines
        ],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def as_csv(audit: Audit) -> str:
    """Write a row a figure; what is withheld has no value and says why."""
    text = StringIO()
    names = list(Figure.__dataclass_fields__)
    writer = csv.DictWriter(
        text, ["archive", *names, "since", "until", "as_of", "exclusions"], lineterminator="\n"
    )
    writer.writeheader()
    same: dict[str, Any] = {**_window(audit), "as_of": iso_utc(audit.as_of)}
    same["exclusions"] = "; ".join([*LEFT_OUT, *_named(audit)])
    for line in audit.lines:
        for figure in figures_of(line, audit):
            rules = {"exclusions": f"{same['exclusions']}; rules: {line.rules}"}
            writer.writerow({"archive": line.name, **asdict(figure), **same, **rules})
    return text.getvalue()


def _window(audit: Audit) -> dict[str, str | None]:
    ends = {"since": audit.window.since, "until": audit.window.until}
    return {name: None if at is None else iso_utc(at) for name, at in ends.items()}


def _named(audit: Audit) -> list[str]:
    count = len(audit.bots)
    return [f"{count} account{'s'[: count - 1]} named with --bots"] if count else []
