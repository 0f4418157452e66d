"""Audit a community from an archive of its posts, as the sector audit did by hand."""
