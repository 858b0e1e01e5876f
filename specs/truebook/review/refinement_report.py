"""The report of a refinement: lines for people, and one object for machines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from truebook.screen.layout import Block, Either, Line, line
from truebook.specs.refine import Batch, Difference, Divergence, Finding, Found, Held
from truebook.specs.words import counted, noun


def blocks(held: Sequence[Held]) -> Iterator[Block]:
    """Yield the blocks of a report: one line a scenario, and the steps to a divergence below it."""
    width = max((len(one.scenario.name) for one in held), default=0)
    world = _digits((one.transitions for one in held), least=9)
    seen = _digits((one.replayed.edges for one in held), least=6)
    nodes = _digits((one.replayed.nodes for one in held), least=5)
    for one in held:
        found = one.replayed
        word, style = ("holds", "holds") if found.divergence is None else ("diverges", "violated")
        yield Line(
            f"  {word:<8}  {one.scenario.name:<{width}}  ",
            f"{found.stands_for:>{world},} of {one.transitions:>{world},} "
            f"{noun(one.transitions, 'edge')}, as {found.edges:>{seen},} between "
            f"{found.nodes:>{nodes},} {noun(found.nodes, 'state')} of the book",
            hang=12,
            style=style,
        )
        if found.beyond:
            why = "what is compared where the venue lies"
            if not one.scenario.lies:
                why = "the assumption answer-delay, and not compared"
            yield line(
                f"            {counted(found.beyond, 'edge')} {noun(found.beyond, 'is', 'are')} "
                f"beyond {why}"
            )
        if found.divergence is not None:
            yield from _divergence_blocks(found.divergence)
    total = counted(sum(one.replayed.stands_for for one in held), "edge")
    diverging = sum(one.replayed.divergence is not None for one in held)
    divergences = f"{diverging or 'no'} {noun(diverging, 'divergence')}"
    yield line(f"  {total} replayed in {counted(len(held), 'scenario')}: {divergences}")


def _digits(numbers: Iterable[int], *, least: int) -> int:
    """Return how wide a column of numbers is."""
    return max(least, *(len(f"{number:,}") for number in numbers))


def _divergence_blocks(divergence: Divergence) -> Iterator[Block]:
    words = [edge.words for edge in divergence.steps]
    yield from _run_blocks(words, divergence.differences, divergence.error)


def _run_blocks(
    steps: Iterable[str], differences: Iterable[Difference], error: str
) -> Iterator[Block]:
    for number, words in enumerate(steps, 1):
        yield Line(f"      {number:>3}. ", words)
    if error:
        yield line(f"      the book raises {error}")
    for one in differences:
        yield line(f"      {one.path}: the model has {one.model}, the book shows {one.book}")


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


def lockstep_blocks(ran: Sequence[Batch], seconds: float) -> Iterator[Block]:
    """Yield the blocks for plans in lockstep, and the shortest run of the first divergence."""
    plans, steps = sum(b.ran for b in ran), sum(b.steps for b in ran)
    diverged = [batch for batch in ran if batch.divergence is not None]
    word, style = ("diverges", "violated") if diverged else ("holds", "holds")
    rate = steps / max(seconds, 0.001)
    yield Line(
        f"  {word:<8}  ",
        f"{counted(plans, 'plan')}, {counted(steps, 'step')} in lockstep, {rate:,.0f} steps/s",
        style=style,
    )
    for batch in diverged[:1]:
        assert batch.plan is not None
        assert batch.divergence is not None
        for placing in batch.plan.placings:
            yield line(f"      {placing}")
        came = batch.divergence
        yield from _run_blocks(came.words, came.differences, came.error)


def lockstep_json(ran: Sequence[Batch], seconds: float) -> dict[str, Any]:
    """Return the object that `--lockstep` prints with `--json`."""
    return {
        "plans": sum(batch.ran for batch in ran),
        "steps": sum(batch.steps for batch in ran),
        "seconds": round(seconds, 3),
        "divergences": [
            {
                "steps": list(batch.divergence.words),
                "differences": [
                    {"what": d.path, "model": str(d.model), "book": str(d.book)}
                    for d in batch.divergence.differences
                ],
                "error": batch.divergence.error,
            }
            for batch in ran
            if batch.divergence is not None
        ],
    }


def defect_blocks(rows: Sequence[Found]) -> Iterator[Block]:
    """Yield the table of known defects: steps until found, and the length of the shortest run."""
    yield line("  steps until found (of the shortest run)")
    yield Either(tuple(_defect_table(rows)), tuple(_defect_list(rows)))
    missed = sum(way.steps is None for row in rows for _, way in _ways(row))
    yield line(f"  {counted(len(rows), 'defect')}: {missed or 'none'} not found")


def _defect_table(rows: Sequence[Found]) -> Iterator[Line]:
    yield Line(f"  {'':<26}  {'edges':>14}  {'plans':>14}  {'machine':>14}")
    for row in rows:
        cells = "  ".join(f"{_cell(way):>14}" for _, way in _ways(row))
        yield Line(f"  {row.defect.name:<26}  {cells}  ", row.edges.where, style=_found_style(row))


def _defect_list(rows: Sequence[Found]) -> Iterator[Line]:
    for row in rows:
        cells = ", ".join(f"{name} {_cell(way)}" for name, way in _ways(row))
        where = f"; {row.edges.where}" if row.edges.where else ""
        yield Line(f"  {row.defect.name}: ", f"{cells}{where}", style=_found_style(row))


def _ways(row: Found) -> tuple[tuple[str, Finding], ...]:
    return (("edges", row.edges), ("plans", row.plans), ("machine", row.machine))


def _found_style(row: Found) -> str:
    return "holds" if all(way.steps is not None for _, way in _ways(row)) else "violated"


def _cell(finding: Finding) -> str:
    return "not found" if finding.steps is None else f"{finding.steps:,} ({finding.shortest})"


def defects_json(rows: Sequence[Found]) -> dict[str, Any]:
    """Return the object that `--defects` prints with `--json`."""
    return {
        row.defect.name: {
            "says": row.defect.says,
            **{
                way: {"steps": finding.steps, "shortest": finding.shortest}
                for way, finding in _ways(row)
            },
        }
        for row in rows
    }
