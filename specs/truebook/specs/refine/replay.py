"""Replaying the edges of a model on an implementation, and comparing after every step."""

from collections.abc import Callable
from functools import cache

import attrs

from truebook.specs.refine.edges import Edge, Edges, Known, is_heard, leaving
from truebook.specs.refine.player import Player

Expected = Callable[[Known], Known]
"""Returns what a book must show where it knows something: the model's own answer."""
Beyond = Callable[[Edge, Known], bool]
"""Says of an edge, and of what is known before it, that the reference promises nothing there."""


@attrs.frozen
class Difference:
    """One thing that the implementation shows otherwise than the model."""

    path: str
    model: object
    book: object


@attrs.frozen
class Divergence:
    """The steps to where the implementation and the model first differ, and in what.

    `error` is what the implementation raised instead of showing anything.
    """

    steps: tuple[Edge, ...]
    differences: tuple[Difference, ...]
    error: str = ""


@attrs.frozen
class Replayed:
    """What a replay came to: the first divergence, if any, and how much was replayed.

    `nodes` and `edges` are those that a book can tell apart, `stands_for` the world's own edges
    that they are; `beyond` are edges of the world past what the reference promises.
    """

    nodes: int
    edges: int
    stands_for: int
    beyond: int
    divergence: Divergence | None


def nothing_beyond(edge: Edge, before: Known) -> bool:
    """Return False: the reference promises something of every edge."""
    return False


def replay(
    edges: Edges,
    player: Player,
    expected: Expected,
    *,
    beyond: Beyond = nothing_beyond,
    progress: Callable[[int, int], None] | None = None,
) -> Replayed:
    """Tell the player every edge, from a player that came to where the edge begins.

    Stops at the first divergence; breadth first, so its steps are few. Edges that are beyond, and
    what only they lead to, are passed over.
    """
    players: dict[int, Player] = {edges.first: player}
    came: dict[int, Edge] = {}
    wanted = cache(lambda node: expected(edges.nodes[node]))
    nodes = told = stands_for = 0
    divergence = None
    for node, out in leaving(edges, lambda edge: beyond(edge, edges.nodes[edge.before])):
        if progress is not None:
            progress(told, len(edges.edges))
        nodes += 1
        here = players.pop(node)
        for edge in out:
            told += 1
            stands_for += edge.count
            if edge.after == edge.before and not is_heard(edge.action):
                continue  # told nothing, the book shows what it was seen to show
            there = here.copy()
            divergence = _compared(edges, edge, there, wanted(edge.after), came)
            if divergence is not None:
                break
            if edge.after != edges.first and edge.after not in came:
                came[edge.after] = edge
                players[edge.after] = there
        if divergence is not None:
            break
    if divergence is None and progress is not None:
        progress(len(edges.edges), len(edges.edges))  # those that are beyond are gone through, too
    rest = edges.transitions - stands_for if divergence is None else 0
    return Replayed(nodes, told, stands_for, rest, divergence)


def _compared(
    edges: Edges, edge: Edge, player: Player, wanted: Known, came: dict[int, Edge]
) -> Divergence | None:
    """Tell the player one edge, and return where it then differs from the model."""
    try:
        player.tell(edge.action, edge.says, edges.nodes[edge.before])
        shown = player.shows()
    except Exception as error:  # the implementation's own, whatever it is
        words = f"{type(error).__name__}: {error}"
        return Divergence(_steps(edges, came, edge), (), words)
    if all(shown.get(path) == value for path, value in wanted.items()):
        return None
    differences = tuple(
        Difference(path, value, shown.get(path))
        for path, value in wanted.items()
        if shown.get(path) != value
    )
    return Divergence(_steps(edges, came, edge), differences)


def _steps(edges: Edges, came: dict[int, Edge], last: Edge) -> tuple[Edge, ...]:
    steps = [last]
    while steps[0].before != edges.first:
        steps.insert(0, came[steps[0].before])
    return tuple(steps)
