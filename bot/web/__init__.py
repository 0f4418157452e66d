"""Weaver's pages: the sandbox now, the public pages and the hosts' desk later."""

from bot.web.app import create_app as create_app
from bot.web.introduction import Introduction as Introduction
from bot.web.server import serve as serve
