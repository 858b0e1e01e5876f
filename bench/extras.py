"""Each command with each extra alone: it works, or says in a line what installs what it lacks.

Run `python bench/extras.py`: it builds the wheel, and makes a fresh environment of each extra, with
the newest that an index has of what it asks for. Then it follows the hints, of a wheel and of a
checkout, from attrs alone to everything. The tests run the same table in an environment that is
whole, with all hidden that an extra does not bring.
"""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import requires
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

HOUSE = Path(__file__).resolve().parent.parent
NO_COMMAND = ("dev", "fast", "hyperliquid-sdk", "ray")
"""The extras that no row is about: `fast` changes no command, the others are no part of `dev`."""

NONE, PYTEST = "attrs alone", "pytest"
"""The environments without an extra; to one of them pytest is added."""

WRONG = """\
from truebook.oracle.serve import serve

class Wrong:
    features, shows = ("core",), ("position",)

    def __init__(self, config): pass
    def step(self, event, at): pass
    def state(self): return {"position": 0}

if __name__ == "__main__":
    serve(Wrong)
"""
"""An adapter that is wrong, so that each stage is soon at its end."""

RUN = """\
{"designs": {"plan": {"properties": {"identity": {"verdict": "violated", "scenario": "order",
  "part": "a part", "settles": [],
  "trace": [{"lane": "client", "words": "we send the order", "changes": []}]}}}}}
"""
"""A report that has a run."""

JOURNAL = """\
from truebook.impl import Side
from truebook.impl.journal import JournaledBook
with JournaledBook("book.journal") as book:
    book.register_pending(Side.BUY, 1, 1, now=1)
"""
METRICS = """\
from truebook.impl import UnifiedOrderBook
from truebook.impl.views import Metrics
Metrics(UnifiedOrderBook()).page()
"""
WIRE = """\
from truebook.impl.venues.hyperliquid import hear
assert len(hear('{"channel":"pong"}')) == 1
"""
SIGNING = """\
from truebook.impl.venues.hyperliquid.actions import Noop
from truebook.impl.venues.hyperliquid.signing import Key, sign, signer_of
key = Key.of("0x" + "11" * 32)
assert signer_of(sign(Noop(), key, nonce=1, mainnet=True), mainnet=True) == key.address
"""
LIVE = """\
from truebook.impl.venues.hyperliquid.live import BookStoppedError, HyperliquidBook
book = HyperliquidBook(
    url="http://127.0.0.1:9", wallet="11" * 32, markets=["BTC"], strangers="leave", journal=None
)
try:
    book.position("BTC")
except BookStoppedError:
    pass
"""


@attrs.frozen
class Row:
    """A command line, and the extra that promises that it works and ends with a code.

    `less` is done first where it works, so that there is less to do. What is `apart` takes long or
    writes into the package: it is run in a fresh environment of that extra alone.
    """

    words: tuple[str, ...]
    extra: str
    code: int = 0
    less: str = ""
    apart: bool = False
    said: str = ""

    @property
    def title(self) -> str:
        """The row's name in the table."""
        return self.said or " ".join(self.words)


@attrs.frozen
class Ran:
    """What came of a command line."""

    code: int
    out: str
    err: str


def _row(line: str, extra: str, code: int = 0, less: str = "", *, apart: bool = False) -> Row:
    return Row(("truebook", *line.split()), extra, code, less, apart)


_ADAPTER = "-- python wrong.py"
_FEW_DEFECTS = """\
from functools import partial
from truebook.specs import refine
from truebook.specs.refine.defects import detection
refine.DEFECTS, detection.by_edges = refine.DEFECTS[1:2], detection.by_plans
detection.by_machine = partial(detection.by_machine, most=1)
"""
_FEW_MUTANTS = "from truebook.oracle import vector_commands as c; c.MUTANTS = c.MUTANTS[:1]"
_FEW_RULES = "from truebook.review import commands as c; c.RULE_SCENARIOS = c.RULE_SCENARIOS[:1]"
_NO_SERVING = "from truebook.venue import record_running as r; r.serve = lambda *all: None"
_FEW_VECTORS = "from truebook.oracle.vectors import shipped as v; v.GROUPS = v.GROUPS[:1]"

ROWS = (
    Row(("python", "-c", JOURNAL), "", said="a book and its journal"),
    Row(("python", "-c", METRICS), "metrics", said="the page of the metrics"),
    Row(("python", "-c", WIRE), "hyperliquid", said="the messages of Hyperliquid"),
    Row(("python", "-c", SIGNING), "hyperliquid-signing", said="its signatures"),
    Row(("python", "-c", LIVE), "hyperliquid-book", said="a live book there"),
    Row(("pytest", "-q", "--truebook-subject=python wrong.py", "-k", "oid-zero"), PYTEST),
    Row(("pytest", "--help"), PYTEST),
    _row("--version", "cli"),
    _row("--help", "cli"),
    *(
        _row(f"{command} --help", "cli")
        for command in (
            "audit",
            "check",
            "conform",
            "explain",
            "export",
            "export smt2",
            "journal",
            "lifecycle",
            "mutants",
            "prove",
            "record",
            "refine",
            "rules",
            "vectors",
            "venue",
        )
    ),
    _row("journal verify book.journal", "cli"),
    _row("journal show book.journal", "cli"),
    _row("journal repair book.journal --into saved", "cli"),
    _row("lifecycle", "cli"),
    _row("lifecycle --mermaid", "cli"),
    _row("explain plan.json", "cli"),
    _row("explain plan.json --mermaid", "cli"),
    _row("vectors", "cli"),
    _row("vectors all", "cli"),
    _row("mutants", "cli", less=_FEW_MUTANTS),
    _row("check --design plan --size 1 --property identity --jobs 1", "check", code=1),
    _row("check --engine plain --design plan --size 1 --property identity --jobs 1", "check", 1),
    _row("rules --rule reject-clears --jobs 1", "check", less=_FEW_RULES),
    _row("refine --scenario fills --jobs 1", "check"),
    _row("refine --lockstep 2 --jobs 1", "check"),
    _row("export promela --scenario fills", "check"),
    _row("export tla --scenario fills", "check"),
    _row("export itf --run send", "check"),
    _row("export itf --scenario fills --without eviction-floor --property no-fill-twice", "check"),
    _row("vectors --remake --jobs 1", "check", less=_FEW_VECTORS, apart=True),
    _row("refine --defects --jobs 1", "conform", code=1, less=_FEW_DEFECTS),
    _row(f"conform --stage vectors {_ADAPTER}", "conform", code=1),
    _row(f"conform --stage edges {_ADAPTER}", "conform", code=1),
    _row(f"conform --stage random --examples 20 {_ADAPTER}", "conform", code=1),
    _row("conform -- python -m truebook.oracle.reference", "conform", apart=True),
    _row("prove --property orphan-cancelled-once --search-effort 0 --jobs 1", "prove"),
    _row("prove --property orphan-cancelled-once --solver both --search-effort 0 --jobs 1", "cvc5"),
    _row("export smt2 --scenario fills", "prove"),
    _row("audit wrong.py", "audit"),
    _row("venue --runs 1 --seconds 1 --quiet 0 --shrink 0 -- python -c pass", "venue", code=1),
    _row("record --port 0 -o recording.jsonl.zst", "venue", less=_NO_SERVING),
)
"""What each extra promises; more than that may work, where nothing is missing."""


def extras() -> Mapping[str, Sequence[Requirement]]:
    """Return what each extra that brings a command asks for, and none of them: `NONE`."""
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    asked = {NONE: project["dependencies"], **project["optional-dependencies"]}
    return {name: [*map(Requirement, asked[name])] for name in asked if name not in NO_COMMAND}


def included(extra: str) -> set[str]:
    """Return an extra, and those that it includes."""
    found = {extra}
    for asked in extras().get(extra, ()):
        if asked.name == "truebook":
            found |= {one for name in asked.extras for one in included(name)}
    return found


def distributions(environment: str) -> set[str]:
    """Return the distributions of an environment, those included that others ask for."""
    asked = [one for name in (NONE, *included(environment)) for one in extras().get(name, ())]
    waiting = [*asked, *([Requirement("pytest")] if environment == PYTEST else [])]
    found: set[str] = set()
    while waiting:
        one = waiting.pop()
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        if name != "truebook":
            waiting += [Requirement(r) for r in requires(name) or ()]
    return found


def promised(row: Row, environment: str) -> bool:
    """Return whether a row must work in an environment."""
    return not row.extra or row.extra in included(environment)


def rows_of(environment: str) -> list[Row]:
    """Return the rows that are run in an environment: pytest only where it is."""
    return [
        row
        for row in ROWS
        if (row.words[0] != "pytest" or environment == PYTEST)
        and not (row.apart and promised(row, environment) and row.extra != environment)
    ]


def cell(row: Row, environment: str, ran: Ran) -> str:
    """Return what came of a row, in a word: "works", "hint", or what is wrong with it."""
    if ran.code == row.code and "Traceback" not in ran.err:
        return "works"
    lines = ran.err.strip().splitlines() or [""]
    if not promised(row, environment):
        hint = f"[{row.extra}]'"
        if row.words[0] == "python" and lines[-1].startswith("ModuleNotFoundError"):
            return "missing"
        if (ran.code, ran.out, len(lines)) == (2, "", 1) and lines[0].endswith(hint):
            return "hint"
    return f"WRONG: exit code {ran.code}, {lines[-1]}"


def table(found: Mapping[tuple[str, str], str], environments: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the table row × environment; "–": not run there."""
    width = max(len(row.title) for row in ROWS)
    yield f"{'':<{width}}  {'  '.join(f'{name:<7}' for name in environments)}".rstrip()
    for row in ROWS:
        words = [
            f"{found.get((row.title, name), '–').split(':')[0]:<{max(7, len(name))}}"
            for name in environments
        ]
        yield f"{row.title:<{width}}  {'  '.join(words)}".rstrip()


def environments() -> list[str]:
    """Return the names of all environments."""
    return [*extras(), PYTEST]


# In fresh environments


def _installed(place: Path, *asked: str) -> Path:
    """Make an environment with what is asked for, and return where its programs are."""
    subprocess.run([sys.executable, "-m", "venv", place], check=True)
    pip = (place / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "install", "-qq")
    subprocess.run([*pip, *asked], check=True)
    return place / "bin"


def _run_in(programs: Path, place: Path, row: Row, *, less: bool) -> Ran:
    first, *words = row.words
    command = [programs / first, *words]
    if less and row.less:
        code = f"{row.less}\nfrom truebook.cli import main\nmain()"
        command = [programs / "python", "-c", code, *words]
    ran = subprocess.run(
        command, cwd=place, env=_environment(programs), capture_output=True, text=True
    )
    return Ran(ran.returncode, ran.stdout, ran.stderr)


def _write(folder: Path) -> None:
    """Write the files that rows read."""
    (folder / "wrong.py").write_text(WRONG)
    (folder / "plan.json").write_text(RUN)


def _environment(programs: Path) -> dict[str, str]:
    return {**os.environ, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}


def _fresh(wheel: Path, place: Path, told: Callable[[str], None]) -> dict[tuple[str, str], str]:
    found = {}
    for name in environments():
        told(f"{name}: installing")
        folder = place / name.replace(" ", "-")
        asked = {NONE: [str(wheel)], PYTEST: [str(wheel), "pytest"]}
        programs = _installed(folder, *asked.get(name, [f"{wheel}[{name}]"]))
        _write(folder)
        for row in rows_of(name):
            told(f"{name}: {row.title}")
            ran = _run_in(programs, folder, row, less=promised(row, name))
            found[row.title, name] = cell(row, name, ran)
    return found


def _followed(name: str, asked: Sequence[str], place: Path) -> Iterator[str]:
    """Do what hints say, from attrs alone on; yield a line for each."""
    programs = _installed(place, *asked)
    _write(place)
    _run_in(programs, place, ROWS[0], less=False)  # the journal that others read
    for row in ROWS:
        if row.words[0] != "truebook" or row.apart or row.less:
            continue
        ran = _run_in(programs, place, row, less=False)
        if ran.code == row.code:
            continue
        command = ran.err.strip().rpartition(" install it with ")[2]
        env = _environment(programs)
        quiet = f"{command} -qq --disable-pip-version-check"
        done = subprocess.run(quiet, shell=True, cwd=place, env=env)
        again = _run_in(programs, place, row, less=False)
        came = "works" if (done.returncode, again.code) == (0, row.code) else "WRONG"
        yield f"{name}: {row.title}: {command}: {came}"


def main() -> int:
    """Print the table of fresh environments, and what came of following the hints."""
    with TemporaryDirectory() as folder:
        place = Path(folder)
        build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
        subprocess.run([*build, place], cwd=HOUSE, check=True, capture_output=True)
        (wheel,) = place.glob("*.whl")
        found = _fresh(wheel, place, lambda words: print(words, file=sys.stderr))
        lines = [*table(found, environments()), ""]
        lines += [
            f"{title}, {name}: {came}" for (title, name), came in found.items() if ":" in came
        ]
        lines += _followed("wheel", [str(wheel)], place / "of-a-wheel")
        lines += _followed("checkout", ["--editable", str(HOUSE)], place / "of-a-checkout")
    print("\n".join(lines))
    return int(any("WRONG" in line for line in lines))


if __name__ == "__main__":
    sys.exit(main())
