"""The report of a refinement: lines for people, and one object for machines."""

from collections.abc import Iterator, Sequence
from typing import Any

from truebook.specs.refine.hold import Held
from truebook.specs.refine.replay import Divergence


def lines_of(held: Sequence[Held]) -> Iterator[tuple[str, str]]:
    """Yield (style, line): one line a scenario, and the steps to a divergence below it."""
    width = max((len(one.scenario.name) for one in held), default=0)
    for one in held:
        found = one.replayed
        word, style = ("holds", "holds") if found.divergence is None else ("diverges", "violated")
        line = (
            f"  {word:<8}  {one.scenario.name:<{width}}  {found.stands_for:>9,} of "
            f"{one.transitions:>9,} edges, as {found.edges:>6,} between {found.nodes:>5,} "
            f"states of the book"
        )
        yield style, line
        if found.beyond:
            yield (
                "plain",
                (
                    f"            {found.beyond:,} edges are beyond the assumption answer-delay, "
                    "and not compared"
                ),
            )
        if found.divergence is not None:
            yield from _divergence_lines(found.divergence)
    total = sum(one.replayed.stands_for for one in held)
    diverging = sum(one.replayed.divergence is not None for one in held)
    yield (
        "plain",
        (
            f"  {total:,} edges replayed in {len(held)} scenarios: "
            f"{diverging or 'no'} divergence{'' if diverging == 1 else 's'}"
        ),
    )


def _divergence_lines(divergence: Divergence) -> Iterator[tuple[str, str]]:
    for number, edge in enumerate(divergence.steps, 1):
        yield "plain", f"      {number:>3}. {edge.words}"
    if divergence.error:
        yield "plain", f"      the book raises {divergence.error}"
    for one in divergence.differences:
        yield "plain", f"      {one.path}: the model has {one.model}, the book shows {one.book}"


def as_json(held: Sequence[Held]) -> dict[str, Any]:
    """Return the object that `--json` prints."""
    return {
        "scenarios": {one.scenario.name: _held_json(one) for one in held},
        "edges": sum(one.replayed.stands_for for one in held),
    }


def _held_json(one: Held) -> dict[str, Any]:
    found = one.replayed
    shown: dict[str, Any] = {
        "states": one.states,
        "transitions": one.transitions,
        "replayed": found.stands_for,
        "beyond": found.beyond,
        "book": {"nodes": found.nodes, "edges": found.edges},
        "seconds": round(one.seconds, 3),
        "divergence": None,
    }
    if found.divergence is not None:
        shown["divergence"] = {
            "steps": [{"action": e.action, "says": e.says} for e in found.divergence.steps],
            "differences": [
                {"what": d.path, "model": d.model, "book": d.book}
                for d in found.divergence.differences
            ],
            "error": found.divergence.error,
        }
    return shown
