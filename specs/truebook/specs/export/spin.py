"""Running Spin on a model in Promela, with every state stored whole, and reading what it counts."""

import re
import shutil
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import attrs

EXACT = ("-DSAFETY", "-DNOREDUCE", "-DNOFAIR")
"""Every state and every transition is visited; nothing is hashed away."""

FASTEST = (*EXACT, "-DNOCOMP", "-DSFH")
"""As exact; states are stored as they are, without masking, and hashed by the faster function."""

COMPILER = "cc"


class SpinError(Exception):
    """Spin, or the compiler, did not do what it was asked to."""


@attrs.frozen
class SpinRun:
    """What Spin found.

    `states` are distinct; `transitions` do not count the way to the first state, which Spin does.
    `errors` is how many assertions failed; with one, Spin stopped there. `seconds` is what Spin
    says that its search took, without generating and compiling it.
    """

    states: int
    transitions: int
    errors: int
    seconds: float


def missing() -> str | None:
    """Return what is not installed of what Spin needs, or None."""
    absent = [name for name in ("spin", COMPILER) if shutil.which(name) is None]
    return f"not installed here: {' and '.join(absent)}" if absent else None


def run_spin(
    model: str,
    folder: Path,
    *,
    settings: Sequence[str] = EXACT,
    optimise: str = "-O1",
    deepest: int = 1_000_000,
    table: int = 20,
    mebibytes: int = 8_000,
) -> SpinRun:
    """Search all states of a model depth first; files are made in `folder`.

    `deepest` is the longest run that it may follow, `table` the binary logarithm of its hash
    table's slots. Raises SpinError where the search was not exhaustive, or could not be made.
    """
    (folder / "model.pml").write_text(model, "utf-8")
    # -o2: a variable that is only written is part of the state all the same.
    _run(("spin", "-a", "-o2", "model.pml"), folder)
    limit = f"-DMEMLIM={mebibytes}"
    _run((COMPILER, optimise, "-w", *settings, limit, "-o", "pan", "pan.c"), folder)
    started = time.perf_counter()
    said = _run(("./pan", f"-m{deepest}", f"-w{table}", "-n"), folder)
    took = time.perf_counter() - started
    errors = _number(r"errors: (\d+)", said)
    if "max search depth too small" in said:
        raise SpinError(f"some runs are longer than the {deepest:,} steps allowed: raise `deepest`")
    if "Search not completed" in said and not errors:
        raise SpinError(f"Spin gave up within {mebibytes:,} MiB: raise `mebibytes`")
    elapsed = re.search(r"elapsed time ([\d.]+)", said)
    return SpinRun(
        states=_number(r"(\d+) states, stored", said),
        transitions=_number(r"(\d+) transitions", said) - 1,
        errors=errors,
        seconds=float(elapsed.group(1)) if elapsed else took,
    )


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = (done.stdout + done.stderr).strip().splitlines()
        raise SpinError(f"{command[0]} failed: {said[-1] if said else 'it said nothing'}")
    return done.stdout


def _number(pattern: str, text: str) -> int:
    found = re.search(pattern, text)
    if found is None:
        raise SpinError(f"Spin did not say what was looked for ({pattern}): {text.strip()[-200:]}")
    return int(found.group(1))
