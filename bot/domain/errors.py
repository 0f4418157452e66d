"""What Weaver says when a person can mend what went wrong."""


class UserError(Exception):
    """A mistake a person can mend: one plain line that names what, where and the cure."""
