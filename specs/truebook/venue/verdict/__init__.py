"""Verdicts on bots as they are: what they do, what they believe, and where they end."""

from truebook.venue.verdict.belief import Belief, belief_of, read_belief
from truebook.venue.verdict.bot import Bot, CannotStartError, Place
from truebook.venue.verdict.breach import Breach, Promise
from truebook.venue.verdict.fewer import Shortest, fewer, first_of
from truebook.venue.verdict.formats import json_of, junit_of, sarif_of
from truebook.venue.verdict.judging import Judge, left_behind
from truebook.venue.verdict.text import blocks
from truebook.venue.verdict.trial import BELIEF, Trial, Trials, tried
from truebook.venue.verdict.watching import Watch

__all__ = [
    "BELIEF",
    "Belief",
    "Bot",
    "Breach",
    "CannotStartError",
    "Judge",
    "Place",
    "Promise",
    "Shortest",
    "Trial",
    "Trials",
    "Watch",
    "belief_of",
    "blocks",
    "fewer",
    "first_of",
    "json_of",
    "junit_of",
    "left_behind",
    "read_belief",
    "sarif_of",
    "tried",
]
