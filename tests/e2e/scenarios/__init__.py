"""Importing this package registers every scenario, in the order in which they are played."""

from . import placing, relaying, moving, ringing, answering, commands, errors, presence, pages, hostile, lasting  # noqa: F401  (order matters)
