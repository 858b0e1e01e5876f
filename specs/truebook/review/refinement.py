"""The report of a refinement: lines for people, and one object for machines."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from truebook.specs.refine.findings import Finding, Found
from truebook.specs.refine.hold import Held
from truebook.specs.refine.replay import Difference, Divergence
from truebook.specs.refine.volume import Batch


def lines_of(held: Sequence[Held]) -> Iterator[tuple[str, str]]:
    """Yield (style, line): one line a scenario, and the steps to a divergence below it."""
    width = max((len(one.scenario.name) for one in held), default=0)
    world = _digits((one.transitions for one in held), least=9)
    seen = _digits((one.replayed.edges for one in held), least=6)
    nodes = _digits((one.replayed.nodes for one in held), least=5)
    for one in held:
        found = one.replayed
        word, style = ("holds", "holds") if found.divergence is None else ("diverges", "violated")
        line = (
            f"  {word:<8}  {one.scenario.name:<{width}}  {found.stands_for:>{world},} of "
            f"{one.transitions:>{world},} edges, as {found.edges:>{seen},} between "
            f"{found.nodes:>{nodes},} states of the book"
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


def _digits(numbers: Iterable[int], *, least: int) -> int:
    """Return how wide a column of numbers is."""
    return max(least, *(len(f"{number:,}") for number in numbers))


def _divergence_lines(divergence: Divergence) -> Iterator[tuple[str, str]]:
    words = [edge.words for edge in divergence.steps]
    yield from _run_lines(words, divergence.differences, divergence.error)


def _run_lines(
    steps: Iterable[str], differences: Iterable[Difference], error: str
) -> Iterator[tuple[str, str]]:
    for number, words in enumerate(steps, 1):
        yield "plain", f"      {number:>3}. {words}"
    if error:
        yield "plain", f"      the book raises {error}"
    for one in differences:
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


def lockstep_lines(ran: Sequence[Batch], seconds: float) -> Iterator[tuple[str, str]]:
    """Yield (style, line) for plans in lockstep, and the shortest run of the first divergence."""
    plans, steps = sum(b.ran for b in ran), sum(b.steps for b in ran)
    diverged = [batch for batch in ran if batch.divergence is not None]
    word, style = ("diverges", "violated") if diverged else ("holds", "holds")
    rate = steps / max(seconds, 0.001)
    yield style, f"  {word:<8}  {plans:,} plans, {steps:,} steps in lockstep, {rate:,.0f} steps/s"
    for batch in diverged[:1]:
        assert batch.plan is not None
        assert batch.divergence is not None
        for placing in batch.plan.placings:
            yield "plain", f"      {placing}"
        came = batch.divergence
        yield from _run_lines(came.words, came.differences, came.error)


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


def defect_lines(rows: Sequence[Found]) -> Iterator[tuple[str, str]]:
    """Yield (style, line) for the table of known defects: steps until found, and the shortest."""
    yield "plain", "  steps until found (of the shortest run)"
    yield "plain", f"  {'':<26}  {'edges':>14}  {'plans':>14}  {'machine':>14}"
    for row in rows:
        ways = (row.edges, row.plans, row.machine)
        style = "holds" if all(way.steps is not None for way in ways) else "violated"
        cells = "  ".join(f"{_cell(way):>14}" for way in ways)
        yield style, f"  {row.defect.name:<26}  {cells}  {row.edges.where}".rstrip()
    missed = sum(w.steps is None for row in rows for w in (row.edges, row.plans, row.machine))
    yield "plain", f"  {len(rows)} defects: {missed or 'none'} not found"


def _cell(finding: Finding) -> str:
    return "not found" if finding.steps is None else f"{finding.steps:,} ({finding.shortest})"


def defects_json(rows: Sequence[Found]) -> dict[str, Any]:
    """Return the object that `--defects` prints with `--json`."""
    return {
        row.defect.name: {
            "says": row.defect.says,
            **{
                way: {"steps": finding.steps, "shortest": finding.shortest}
                for way, finding in (
                    ("edges", row.edges),
                    ("plans", row.plans),
                    ("machine", row.machine),
                )
            },
        }
        for row in rows
    }
