"""What an adapter remembers, for as long as a test lasts."""

from dataclasses import dataclass, field


@dataclass
class Notebook:
    """Keeps what it is told under its name, as the kernel does for each platform."""

    pages: dict[str, str] = field(default_factory=dict)

    async def get(self, name: str) -> str | None:
        return self.pages.get(name)

    async def keep(self, name: str, value: str) -> None:
        self.pages[name] = value
