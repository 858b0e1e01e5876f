"""The edges of a model as its book sees them: what it knows, what it is told, what it knows then.

The book never looks at the venue or the wire. So two edges that differ only there are one edge to
it, and the millions of edges of a world come to some thousands that a book can tell apart.
"""

from collections.abc import Callable, Iterator, Sequence
from math import prod

import attrs
import numpy as np
import numpy.typing as npt

from truebook.model.system import System
from truebook.model.vocabulary import Picture
from truebook.specs.explore import Column, Columns, Compiled, Reached, blocks_of, reached

Codes = npt.NDArray[np.int64]
Known = dict[str, int]
"""What a book knows, or is told: values by the paths of fields."""


@attrs.frozen
class View:
    """What of a world is the book's to know, and which fields tell what a message says.

    `kept` are the paths of what the book knows, and of what its driver does. `told` returns, for
    an action's name, the paths that its message is made of.
    """

    kept: tuple[str, ...]
    told: Callable[[str], tuple[str, ...]]


UNHEARD = (
    *("arrive", "refuse", "fill", "cancel", "refuse-cancel", "cancel-unasked", "lose"),
    *("lose-answer", "lose-cancel", "take-snapshot", "read-early", "appear", "vanish"),
    *("shrink", "grow", "take", "venue-tick", "execute", "bust", "read-position"),
    *("lie-absent", "lie-listed", "take-listing"),
    *("accept", "fill-parent", "end-parent", "trigger"),
    *("read-early-plain", "read-early-covering"),
)
"""The actions of the venue and the wire, of which a book is told nothing."""


def is_heard(action: str) -> bool:
    """Return whether a book is told of an action, also where its name has an order's number."""
    name = action.partition(":")[0].rpartition(".")[2]
    return not (name in UNHEARD or name.startswith("arrive-"))


@attrs.frozen
class Edge:
    """One edge as the book sees it: an action, what it says, and the numbers of both nodes.

    `count` is how many edges of the world it stands for.
    """

    action: str
    words: str
    says: Known
    before: int
    after: int
    count: int


@attrs.frozen
class Edges:
    """The nodes that a book can tell apart, and the edges between them; `first` is where it begins.

    `states` and `transitions` are the world's own.
    """

    nodes: tuple[Known, ...]
    edges: tuple[Edge, ...]
    first: int
    states: int
    transitions: int


def edges_of(system: System, view: View, *, limit: int | None = None) -> Edges:
    """Return every edge of a system's reachable states as its book sees them."""
    states = reached(system, limit=limit)
    code = _Code(system, view.kept, _most(states))
    nodes = np.unique(np.concatenate([code.of(block) for block in blocks_of(states)]))
    most = [field.size - 1 for field in system.fields]
    says = [_Code(system, view.told(action.name), most) for action in system.actions]
    found = _found(system, states, code, nodes, says)
    transitions = sum(int(count.sum()) for _, count in found)
    total = sum(len(level) for level in states.levels)
    first = int(np.searchsorted(nodes, code.of(states.first()))[0])
    return _numbered(system, code, nodes, says, found, first, total, transitions)


def _found(
    system: System, states: Reached, code: "_Code", nodes: Codes, says: Sequence["_Code"]
) -> list[tuple[Codes, Codes]]:
    """Return, for each action, its edges as integers in order, and how many each stands for.

    An integer is made of the place of the node before, what is said, and the place of that after.
    """
    if max(said.size for said in says) * len(nodes) ** 2 >= 2**62:
        raise ValueError("there are more edges than one integer can tell apart: use smaller bounds")
    compiled = Compiled(system, ())
    found: list[list[Codes]] = [[] for _ in system.actions]
    for block in blocks_of(states):
        before = np.searchsorted(nodes, code.of(block))
        for n in range(len(system.actions)):
            rows, after = compiled.run(n, block)
            if len(rows):
                said = before[rows] * says[n].size + says[n].of(block.take(rows))
                edge = said * len(nodes) + np.searchsorted(nodes, code.of(after))
                found[n].append(np.stack(np.unique(edge, return_counts=True)))
    return [_together(parts) for parts in found]


def _together(parts: Sequence[Codes]) -> tuple[Codes, Codes]:
    """Return the edges of several blocks, and how many each stands for in all."""
    edges, counts = np.concatenate([np.empty((2, 0), np.int64), *parts], axis=1)
    unique, where = np.unique(edges, return_inverse=True)
    many = np.zeros(len(unique), np.int64)
    np.add.at(many, where, counts)
    return unique, many


def _most(states: Reached) -> list[int]:
    """Return the largest value that each field ever has."""
    return [int(column.max()) for column in states.columns()]


class _Code:
    """Packs some fields of a block into one integer, and unpacks it again.

    `most` has the largest value of each field.
    """

    def __init__(self, system: System, paths: Sequence[str], most: Sequence[int]) -> None:
        places = {field.path: f for f, field in enumerate(system.fields)}
        self.paths = tuple(path for path in paths if path in places)
        self._fields = [places[path] for path in self.paths]
        self._sizes = [most[f] + 1 for f in self._fields]
        self.size = prod(self._sizes)
        if self.size >= 2**62:
            raise ValueError("what the book knows is too wide for one integer: use smaller bounds")

    def of(self, block: Columns) -> Codes:
        """Return the code of each state of a block."""
        arrays = self._columns(block)
        code = np.zeros(len(block), np.int64)
        for array, size in zip(arrays, self._sizes, strict=True):
            code = code * size + array
        return code

    def known(self, code: int) -> Known:
        """Return the values that a code stands for."""
        values = {}
        for path, size in zip(reversed(self.paths), reversed(self._sizes), strict=True):
            code, values[path] = divmod(code, size)
        return values

    def _columns(self, block: Columns) -> list[Column]:
        """Return the fields; of a snapshot not asked for, as the book does not know of it, none."""
        arrays = dict(zip(self.paths, (block.arrays[f] for f in self._fields), strict=True))
        for path, phase in list(arrays.items()):
            if path.endswith(".phase"):
                asked = phase >= Picture.REQUESTED
                age = f"{path.removesuffix('.phase')}.age"
                arrays[path] = asked.astype(np.int16)
                arrays[age] = np.where(asked, arrays[age], 0).astype(np.int16)
        return list(arrays.values())


def _numbered(
    system: System,
    code: _Code,
    places: Codes,
    says: Sequence[_Code],
    found: Sequence[tuple[Codes, Codes]],
    first: int,
    total: int,
    transitions: int,
) -> Edges:
    """Return the edges with their nodes numbered in the order in which they come up."""
    numbers = {first: 0}
    edges = []
    for action, said_by, (keys, counts) in zip(system.actions, says, found, strict=True):
        for key, many in zip(keys.tolist(), counts.tolist(), strict=True):
            rest, after = divmod(key, len(places))
            before, said = divmod(rest, said_by.size)
            edges.append(
                Edge(
                    action.name,
                    action.words,
                    said_by.known(said),
                    numbers.setdefault(before, len(numbers)),
                    numbers.setdefault(after, len(numbers)),
                    many,
                )
            )
    nodes = tuple(code.known(int(places[place])) for place in numbers)
    return Edges(nodes, tuple(edges), 0, total, transitions)


def leaving(edges: Edges, beyond: Callable[[Edge], bool]) -> Iterator[tuple[int, tuple[Edge, ...]]]:
    """Yield each node with the edges that leave it, breadth first from where the book begins.

    Edges that are beyond what is looked at are left out.
    """
    out: dict[int, list[Edge]] = {}
    for edge in edges.edges:
        if not beyond(edge):
            out.setdefault(edge.before, []).append(edge)
    todo, seen = [edges.first], {edges.first}
    for node in todo:
        yield node, tuple(out.get(node, ()))
        for edge in out.get(node, ()):
            if edge.after not in seen:
                seen.add(edge.after)
                todo.append(edge.after)
