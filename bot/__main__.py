"""``python -m bot`` is ``weaver``."""

from bot.cli import main

main()
