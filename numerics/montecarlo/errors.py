"""What Monte Carlo refuses, each by name."""

from __future__ import annotations


class CannotLower(ValueError):
    """An expression that cannot be sampled or evaluated here; the message names the part."""


class InvalidLaw(CannotLower):
    """A law whose parameters lie outside its range: it has no draws."""


class Undecided(Exception):
    """The check cannot be carried out; the message says why."""
