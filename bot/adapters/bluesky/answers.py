"""What an error of Bluesky's means: wait, give up, sign in again, or nobody knows."""

from __future__ import annotations

from atproto.exceptions import (
    LoginRequiredError,
    NetworkError,
    RateLimitExceededError,
    RequestErrorBase,
)
from atproto_client.models.common import XrpcError

from bot.domain.ports import Rejected, TryLater

SESSION_LOST = frozenset({"ExpiredToken", "InvalidToken", "AuthMissing", "AuthenticationRequired"})
"""Names of errors after which signing in again helps, if anything does."""

ACCOUNT_SHUT = {
    "AccountTakedown": "was taken down by its server; ask the people who run it",
    "AccountDeactivated": "is deactivated; activate it in Bluesky's settings",
    "RepoTakendown": "was taken down by its server; ask the people who run it",
    "RepoDeactivated": "is deactivated; activate it in Bluesky's settings",
    "RepoSuspended": "is suspended by its server; ask the people who run it",
}
"""Names of errors that only a person can end, in words."""

PATIENCE = 300.0
"""Seconds between tries where a person has to mend something first."""
SERVER_ERROR = 500
LONGEST_WAIT = 3600.0


def name_of(error: BaseException) -> str:
    """The name a server gave an error, such as ExpiredToken; empty where it gave none.

    The SDK's class follows the status, which says too little: a lost session is a bad request.
    """
    said = _said(error)
    return str(said.error) if said else ""


def words_of(error: BaseException) -> str:
    """What a server said about an error, or what it is called."""
    said = _said(error)
    if said:
        return str(said.message or said.error)
    return str(error) or type(error).__name__


def status_of(error: BaseException) -> int | None:
    """The status a server answered with; None where no answer came."""
    response = error.response if isinstance(error, RequestErrorBase) else None
    return int(response.status_code) if response is not None else None


def session_lost(error: BaseException) -> bool:
    """Whether signing in again may help."""
    return isinstance(error, LoginRequiredError) or name_of(error) in SESSION_LOST


def meaning_of(error: Exception, account: str, now: float) -> Exception:
    """Turn an error into one of the kernel's answers; itself where the outcome is unknown.

    ``now`` is real time in seconds since 1970: a server names the moment its limit resets.
    """
    shut = ACCOUNT_SHUT.get(name_of(error)) or _deactivated(error)
    if shut is not None:
        return TryLater(f"the Bluesky account {account} {shut}", PATIENCE)
    if isinstance(error, RateLimitExceededError):
        return TryLater(f"Bluesky asks {account} to wait", _wait(error, now))
    status = status_of(error)
    if status is None:
        return error
    if status >= SERVER_ERROR:
        return TryLater(f"Bluesky's server is in trouble ({status})")
    if isinstance(error, NetworkError) or session_lost(error):
        return TryLater(words_of(error))
    return Rejected(f"Bluesky refused it: {words_of(error)}")


def _said(error: BaseException) -> XrpcError | None:
    """What the server wrote about an error."""
    response = error.response if isinstance(error, RequestErrorBase) else None
    content = response.content if response is not None else None
    return content if isinstance(content, XrpcError) else None


def _deactivated(error: Exception) -> str | None:
    """The reference server refuses writes of a deactivated account under a general name."""
    said = words_of(error).casefold()
    return ACCOUNT_SHUT["AccountDeactivated"] if "account is deactivated" in said else None


def _wait(error: RateLimitExceededError, now: float) -> float:
    if error.retry_after is not None:
        return min(LONGEST_WAIT, float(error.retry_after))
    reset = error.reset_at
    return min(LONGEST_WAIT, max(1.0, reset.timestamp() - now)) if reset else 60.0
