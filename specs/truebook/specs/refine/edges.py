"""The edges of a model as its book sees them: what it knows, what it is told, what it knows then.

The book never looks at the venue or the wire. So two edges that differ only there are one edge to
it, and the millions of edges of a world come to some thousands that a book can tell apart.
"""

from collections.abc import Callable, Iterator, Sequence

import attrs
import numpy as np
import numpy.typing as npt

from truebook.model.system import System
from truebook.model.vocabulary import Picture
from truebook.specs.blocks import Column, Columns, Compiled
from truebook.specs.columns import Reached, blocks_of, reached

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
    compiled = Compiled(system, ())
    code = _Code(system, view.kept)
    says = {action.name: _Code(system, view.told(action.name)) for action in system.actions}
    found: dict[int, list[Codes]] = {n: [] for n in range(len(system.actions))}
    counts: dict[int, list[Codes]] = {n: [] for n in range(len(system.actions))}
    total = transitions = 0
    for block in blocks_of(states):
        total += len(block)
        before = code.of(block)
        for n, action in enumerate(system.actions):
            rows, after = compiled.run(n, block)
            transitions += len(rows)
            if len(rows):
                seen = np.stack(
                    [before[rows], says[action.name].of(block.take(rows)), code.of(after)], axis=1
                )
                unique, count = np.unique(seen, axis=0, return_counts=True)
                found[n].append(unique)
                counts[n].append(count)
    return _gathered(system, code, says, found, counts, states, total, transitions)


class _Code:
    """Packs some fields of a block into one integer, and unpacks it again."""

    def __init__(self, system: System, paths: Sequence[str]) -> None:
        places = {field.path: f for f, field in enumerate(system.fields)}
        self.paths = tuple(path for path in paths if path in places)
        self._fields = [places[path] for path in self.paths]
        self._sizes = [system.fields[f].size for f in self._fields]
        if np.prod([float(size) for size in self._sizes]) >= 2.0**62:
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


def _gathered(
    system: System,
    code: _Code,
    says: dict[str, _Code],
    found: dict[int, list[Codes]],
    counts: dict[int, list[Codes]],
    states: Reached,
    total: int,
    transitions: int,
) -> Edges:
    numbers: dict[int, int] = {}
    edges = []
    first = code.of(states.first())
    numbers[int(first[0])] = 0
    for n, action in enumerate(system.actions):
        if not found[n]:
            continue
        seen, where = np.unique(np.concatenate(found[n]), axis=0, return_inverse=True)
        count = np.bincount(where.reshape(-1), weights=np.concatenate(counts[n]))
        for (before, said, after), many in zip(seen.tolist(), count.tolist(), strict=True):
            edges.append(
                Edge(
                    action.name,
                    action.words,
                    says[action.name].known(said),
                    numbers.setdefault(before, len(numbers)),
                    numbers.setdefault(after, len(numbers)),
                    int(many),
                )
            )
    nodes = tuple(code.known(c) for c in numbers)
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
