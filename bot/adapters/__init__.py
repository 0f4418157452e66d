"""Platforms, one folder each: they translate both ways and decide nothing."""
