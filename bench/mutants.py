"""Mutants of the book: how many of them the tests kill, and which survive.

Run by `make mutants`, in an environment of its own. The three source roots are copied into one
tree, since mutmut names modules by their paths; `mutants.toml` says what is mutated and what tests
it. What survives must be in docs/mutants.md, where it is said why no test can tell it apart.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

HOUSE = Path(__file__).resolve().parent.parent
PARTS = {
    "impl/truebook/impl",
    "model/truebook/model",
    "specs/truebook/oracle",
    "specs/truebook/review",
    "specs/truebook/screen",
    "specs/truebook/specs",
}
KILLED, SURVIVED = "killed", "survived"


def stage(tree: Path) -> None:
    """Copy what is mutated and its tests into one tree."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for part in sorted(PARTS):
        to = tree / "truebook" / Path(part).name
        shutil.copytree(HOUSE / part, to, ignore=unwanted, dirs_exist_ok=True)
    for part in ("docs", "tests"):
        shutil.copytree(HOUSE / part, tree / part, ignore=unwanted, dirs_exist_ok=True)
    shutil.copy(HOUSE / "bench" / "mutants.toml", tree / "pyproject.toml")


def outcomes(tree: Path) -> dict[str, str]:
    """Return what became of each mutant that was run; the clock kills one that never ends."""
    found = {}
    for path in sorted((tree / "mutants").rglob("*.meta")):
        for name, code in json.loads(path.read_text())["exit_code_by_key"].items():
            if code is not None:
                found[name] = SURVIVED if code == 0 else KILLED
    return found


def explained() -> set[str]:
    """Return the survivors that the page names."""
    page = (HOUSE / "docs" / "mutants.md").read_text()
    return set(re.findall(r"^\| `(\S+)` \|", page, re.MULTILINE))


def short(name: str) -> str:
    """Return a mutant's name as the page has it: ledger.Ledger.settle:3."""
    module, _, rest = name.removeprefix("truebook.impl.").partition(".")
    function, _, number = rest.rpartition("__mutmut_")
    function = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return f"{module}.{function}:{number}"


def main() -> int:
    """Run mutmut in a tree (for the mutants named, or all of them), and print what came of it."""
    tree, names = Path(sys.argv[1]).resolve(), sys.argv[2:]
    stage(tree)
    command = [sys.executable, "-m", "mutmut", "run", *names]
    subprocess.run(command, cwd=tree, check=True, env={**os.environ, "PYTHONPATH": "."})
    found = outcomes(tree)
    survivors = sorted(short(name) for name, became in found.items() if became == SURVIVED)
    killed = len(found) - len(survivors)
    print(f"{len(found):,} mutants, {killed:,} killed: {killed / len(found):.1%}")
    known = explained()
    for name in survivors:
        print(f"  {name}{'' if name in known else '  (not in docs/mutants.md)'}")
    return 0 if set(survivors) <= known else 1


if __name__ == "__main__":
    sys.exit(main())
