"""Write lines as Jetstream does, v1 and v2, for tests that read them."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

POST, REPOST = "app.bsky.feed.post", "app.bsky.feed.repost"
ADA, BEA, WEAVER = "did:plc:ada", "did:plc:bea", "did:plc:weaver"
BEGIN = 1_779_719_009_000_000
"""Microseconds: 25 May 2026, 14:23:29 UTC."""


def uri(did: str, rkey: str, collection: str = POST) -> str:
    return f"at://{did}/{collection}/{rkey}"


def line(
    commit: Mapping[str, Any], did: str = ADA, time_us: int = BEGIN, *, v2: bool = False
) -> bytes:
    """A commit in the envelope of v1 or v2."""
    event: dict[str, Any] = {"did": did, "time_us": time_us, "kind": "commit", "commit": commit}
    if v2:
        seconds, micros = divmod(time_us - BEGIN, 1_000_000)
        head = {"$type": "network.bsky.jetstream.subscribeEvents#commit", "seq": 7, "did": did}
        time = f"2026-05-25T14:{23 + (29 + seconds) // 60:02}:{(29 + seconds) % 60:02}.{micros:06}Z"
        event = {"$type": "message", "payload": {**head, "time": time, **commit}}
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def commit(
    operation: str, rkey: str, record: object = None, collection: str = POST
) -> dict[str, Any]:
    """A commit; the revision is made from what it does."""
    rev = f"rev{rkey}{operation}"
    made = {"rev": rev, "operation": operation, "collection": collection, "rkey": rkey}
    return made if record is None else made | {"record": record, "cid": f"cid{rkey}"}


def tag(name: object, start: int = 0, end: int = 1) -> dict[str, Any]:
    """A facet that says its bytes are a tag."""
    feature = {"$type": "app.bsky.richtext.facet#tag", "tag": name}
    return {"features": [feature], "index": {"byteStart": start, "byteEnd": end}}


def record(text: str = "", reply: Sequence[str] = (), **more: Any) -> dict[str, Any]:
    """A post; ``reply`` is root and parent, or both in one."""
    made: dict[str, Any] = {"$type": POST, "createdAt": "2026-05-25T14:23:28.778Z", **more}
    if reply:
        refs = {name: {"cid": "c", "uri": at} for name, at in (("root", reply[0]),)}
        made["reply"] = refs | {"parent": {"cid": "c", "uri": reply[-1]}}
    return made | {"text": text}


def said(
    rkey: str,
    text: str = "",
    did: str = ADA,
    *,
    v2: bool = False,
    time_us: int = BEGIN,
    **more: Any,
) -> bytes:
    """A line: somebody posts."""
    return line(commit("create", rkey, record(text, **more)), did, time_us, v2=v2)


def gone(rkey: str, did: str = ADA, collection: str = POST, *, v2: bool = False) -> bytes:
    """A line: a record is deleted."""
    return line(commit("delete", rkey, collection=collection), did, v2=v2)


def shared(rkey: str, subject: str, did: str = BEA) -> bytes:
    """A line: somebody reposts."""
    made = {"$type": REPOST, "createdAt": "2026-05-25T14:23:28Z", "subject": {"uri": subject}}
    return line(commit("create", rkey, made, REPOST), did)
