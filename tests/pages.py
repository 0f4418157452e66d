"""Reads the documents as text, tables and code, so that tests can hold them to the code."""

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
README, MAP, CONTRACT = ROOT / "README.md", ROOT / "bot/README.md", ROOT / "plugins/README.md"
ACROSS = re.MULTILINE | re.DOTALL


def documents() -> list[Path]:
    """List the tracked markdown files; outside a clone, those beside the code."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"],
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
        names = listed.stdout.split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).exists()]
    return [*ROOT.glob("*.md"), *ROOT.glob("bot/**/*.md"), *ROOT.glob("plugins/**/*.md")]


def prose(path: Path) -> str:
    """Read a document without its fenced blocks."""
    return re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=ACROSS)


def spans(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", text)


def part(path: Path, heading: str) -> str:
    """Read what stands under a heading, up to the next."""
    found = re.search(rf"^#+ {heading}.*?$(.*?)(?=^#|\Z)", path.read_text("utf-8"), ACROSS)
    assert found, f"{path} has no heading {heading}"
    return found[1]


def rows(text: str) -> list[list[str]]:
    """Read the rows of a table as cells; its head and rule are left out."""
    found = [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line[:1] == "|"]
    return [[cell.strip() for cell in row] for row in found if not set("".join(row)) <= set("- ")]


def firsts(text: str) -> list[str]:
    """Read the code in the first cell of each row."""
    return [span for row in rows(text) for span in spans(row[0])]
