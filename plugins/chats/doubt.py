"""What may mean two things: the question to ask back, and the readings to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from bot.api import UserError


class Unclear(UserError):  # noqa: N818 - it is a question
    """A host's words that may mean two things; ``readings`` are the words that mean one each.

    A reading first replaces ``found`` alone; whoever read all of the words puts it into them.
    """

    def __init__(self, question: str, found: str = "", readings: Sequence[str] = ()) -> None:
        super().__init__(question)
        self.found, self.readings = found, tuple(readings)

    def within(self, text: str) -> Unclear:
        """The same question, with each reading as the whole of a text."""
        plain = " ".join(text.split())
        index = plain.casefold().find(self.found.casefold()) if self.found else -1
        if index < 0:
            return Unclear(str(self))
        before, after = plain[:index], plain[index + len(self.found) :]
        whole = [" ".join(f"{before}{reading}{after}".split()) for reading in self.readings]
        return Unclear(str(self), plain, whole)
