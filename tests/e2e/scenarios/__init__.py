"""Importing this package registers every scenario, in the order in which they are played."""

from . import placing, relaying, answering, commands, errors, presence, hostile, lasting  # noqa: F401  (order matters)
