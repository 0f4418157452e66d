"""Weaver: a bot that helps communities of practice stay conversations."""

__version__ = "0.1.0"
