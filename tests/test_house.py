"""The house keeps its shape: who may import whom, and what no file may name."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import frozen

HOUSE = Path(__file__).resolve().parent.parent


@frozen
class Part:
    """A part of the house: its source root, and what of the house and of others it may import."""

    root: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...] | None = None  # None: anything


# The most particular name wins, so that one module may be given more than its part.
PARTS = {
    "truebook.model": Part("model", ("truebook.model",), ("attr", "attrs")),
    "truebook.impl": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("attr", "attrs")
    ),
    # Its page is an extra; nothing is imported before it is asked for.
    "truebook.impl.views.metrics": Part(
        "impl",
        ("truebook.impl", "truebook.model.vocabulary"),
        ("attr", "attrs", "prometheus_client"),
    ),
    # The messages of a venue are an extra too.
    "truebook.impl.venues": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("attr", "attrs", "msgspec")
    ),
    # So are its signatures, a book that is live there, and its own SDK.
    "truebook.impl.venues.hyperliquid.typed_data": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("attrs", "Crypto")
    ),
    "truebook.impl.venues.hyperliquid.signing": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("attrs", "coincurve")
    ),
    "truebook.impl.venues.hyperliquid.live": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("attrs", "aiohttp")
    ),
    "truebook.impl.venues.hyperliquid.sdk": Part(
        "impl", ("truebook.impl", "truebook.model.vocabulary"), ("hyperliquid",)
    ),
    "truebook.specs": Part("specs", ("truebook.specs", "truebook.model")),
    "truebook.specs.refine": Part("specs", ("truebook.specs", "truebook.model", "truebook.impl")),
    # What all commands share of the screen.
    "truebook.screen": Part("specs", ("truebook.screen", "truebook.specs")),
    "truebook.oracle": Part(
        "specs",
        ("truebook.oracle", "truebook.screen", "truebook.specs", "truebook.model", "truebook.impl"),
    ),
    # The venue's truth knows no wire, and who judges a bot nothing of the book that a bot may have.
    "truebook.venue": Part(
        "specs", ("truebook.venue", "truebook.screen", "truebook.specs", "truebook.impl.venues")
    ),
    # A recording is told to the books of an account, never to a venue but to measure an audit.
    "truebook.audit": Part(
        "specs",
        (
            "truebook.audit",
            "truebook.screen",
            "truebook.specs",
            "truebook.model.vocabulary",
            "truebook.impl",
            # A bot's own log is told to the book as a case is.
            "truebook.oracle.cases",
            "truebook.oracle.reference",
        ),
    ),
    "truebook.audit.measure": Part(
        "specs",
        (
            "truebook.audit",
            "truebook.venue.engine",
            "truebook.venue.faults",
            "truebook.venue.server",
            "truebook.venue.verdict",
            "truebook.screen",
            "truebook.specs",
            "truebook.impl",
        ),
    ),
    "truebook.venue.engine": Part("specs", ("truebook.venue.engine", "truebook.impl.venues")),
    "truebook.venue.faults": Part("specs", ("truebook.venue.faults",)),
    # Who stands between a bot and its venue records as the venue does, and knows no venue.
    "truebook.venue.recording": Part("specs", ("truebook.venue.recording", "truebook.impl.venues")),
    "truebook.venue.passing": Part(
        "specs",
        ("truebook.venue.passing", "truebook.venue.recording"),
        ("attrs", "aiohttp", "multidict", "yarl"),
    ),
    "truebook.review": Part(
        "specs", ("truebook.review", "truebook.screen", "truebook.specs", "truebook.model")
    ),
    # The one command that is about the book's own files.
    "truebook.review.journal_command": Part(
        "specs",
        ("truebook.review", "truebook.screen", "truebook.specs", "truebook.model", "truebook.impl"),
    ),
    # The program: it needs nothing before it is asked for something.
    "truebook.cli": Part("specs", ("truebook.cli", "truebook.commands", "truebook.installed"), ()),
    "truebook.commands": Part(
        "specs",
        (
            "truebook.commands",
            "truebook.installed",
            "truebook.review",
            "truebook.oracle",
            "truebook.venue",
            "truebook.audit",
            "truebook.screen",
            "truebook.specs",
            "truebook.model",
        ),
        ("click",),
    ),
    "truebook.installed": Part("specs", ("truebook.installed",), ()),
}


def within(name: str, package: str) -> bool:
    """Tell whether a dotted name is the package itself or lies inside it."""
    return name == package or name.startswith(package + ".")


def part_of(module: str, root: str) -> Part | None:
    """Find the part that a module of this source root belongs to."""
    names = [name for name, part in PARTS.items() if part.root == root and within(module, name)]
    return PARTS[max(names, key=len)] if names else None


def imports(tree: ast.AST, package: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the full dotted name of everything that a module imports.

    A whole module, imported as such, is all that is in it (`.*`).
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, f"{alias.name}.*"
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: 1 - node.level or None] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                yield node.lineno, f"{source}.{alias.name}"


def allowed(name: str, part: Part) -> bool:
    """Tell whether a part may import this name."""
    top = name.partition(".")[0]
    name = name.removesuffix(".*")
    if top == "truebook":
        return any(within(name, ours) for ours in part.ours)
    return part.theirs is None or top in sys.stdlib_module_names or top in part.theirs


def modules(house: Path) -> list[Path]:
    """List every module of the three source roots."""
    roots = sorted({part.root for part in PARTS.values()})
    return [path for root in roots for path in sorted((house / root).rglob("*.py"))]


# A package in a part of the house is a room, and is entered through its `__init__`. The parts
# themselves stand open: whoever may enter one may go to any of its rooms.
OPEN = (
    "truebook.model",
    "truebook.impl",
    "truebook.impl.venues",
    "truebook.specs",
    "truebook.screen",
    "truebook.oracle",
    "truebook.venue",
    "truebook.review",
)

# So do these modules of rooms, which cost much to import, or need what is not always installed.
LATE = {
    "truebook.impl.venues.hyperliquid.sdk": "hyperliquid-python-sdk",
    "truebook.impl.venues.hyperliquid.signing": "coincurve",
    "truebook.impl.venues.hyperliquid.typed_data": "pycryptodome",
    "truebook.oracle.vectors.build": "numpy",
    "truebook.oracle.vectors.edges": "numpy",
    "truebook.oracle.vectors.random_runs": "hypothesis",
    "truebook.specs.export.spin": "Spin",
    "truebook.specs.refine.lockstep.state_machine": "hypothesis",
}


def rooms(house: Path) -> frozenset[str]:
    """Name every package that has an `__init__`."""
    return frozenset(
        ".".join(path.relative_to(house).parts[1:-1])
        for path in modules(house)
        if path.name == "__init__.py"
    )


def past_a_door(name: str, package: str, packages: frozenset[str]) -> str | None:
    """Return the room that an import reaches into past its `__init__`, if it does.

    `name` is what is imported, in full; `package` that of the module which imports it. Whoever is
    in a room may reach everything in it.
    """
    if any(within(name, late) for late in LATE):
        return None
    parts = name.split(".")
    for end in range(2, len(parts) - 1):  # what follows a room's name may be one name of it
        room = ".".join(parts[:end])
        if room in packages and room not in OPEN and not within(package, room):
            return room
    return None


def violations(house: Path) -> list[str]:
    """List what breaks the arrows of the house, a line each."""
    found = []
    packages = rooms(house)
    for path in modules(house):
        place = path.relative_to(house)
        root, *names = place.with_suffix("").parts
        is_package = names[-1] == "__init__"
        module = ".".join(names[:-1] if is_package else names)
        part = part_of(module, root)
        if part is None:
            found.append(f"{place}: {module} belongs to no part of {root}/")
            continue
        package = module if is_package else module.rpartition(".")[0]
        for line, name in imports(ast.parse(path.read_text("utf-8")), package):
            if not allowed(name, part):
                found.append(f"{place}:{line}: {module} may not import {name.removesuffix('.*')}")
            room = past_a_door(name, package, packages)
            if room is not None:
                found.append(f"{place}:{line}: {module} reaches past {room} to {name}")
    return found


def test_the_arrows_point_down_only() -> None:
    assert len(modules(HOUSE)) > len(PARTS), "too few modules found to show anything"
    assert violations(HOUSE) == []


@pytest.mark.parametrize(
    ("module", "line", "named"),
    [
        ("model/truebook/model/world.py", "import truebook.specs.symbolic", "specs.symbolic"),
        ("model/truebook/model/world.py", "import numpy as np", "numpy"),
        ("model/truebook/model/world.py", "from truebook import impl", "truebook.impl"),
        ("impl/truebook/impl/book/ledger.py", "import sortedcontainers", "sortedcontainers"),
        ("impl/truebook/impl/sync/client.py", "import prometheus_client", "prometheus_client"),
        (
            "impl/truebook/impl/book/ledger.py",
            "from truebook.model import vocabulary, rules",
            "truebook.model.rules",
        ),
        (
            "impl/truebook/impl/book/ledger.py",
            "from ...model.world import Order",
            "truebook.model.world.Order",
        ),
        (
            "impl/truebook/impl/__init__.py",
            "from ..model.world import Order",
            "truebook.model.world.Order",
        ),
        (
            "impl/truebook/impl/venues/wire.py",
            "if True:\n    from ...model import tracker",
            "truebook.model.tracker",
        ),
        (
            "specs/truebook/specs/explore/engine.py",
            "from truebook.impl import book",
            "truebook.impl.book",
        ),
        ("specs/truebook/specs/proofs/jobs.py", "from truebook import cli", "truebook.cli"),
        ("specs/truebook/oracle/driver/client.py", "import truebook.review", "truebook.review"),
        ("specs/truebook/review/rules.py", "import truebook.impl.book", "truebook.impl.book"),
        ("specs/truebook/review/commands.py", "from truebook.impl import book", "truebook.impl"),
        ("specs/truebook/screen/running.py", "from truebook import review", "truebook.review"),
        ("specs/truebook/cli.py", "from truebook.impl import *", "truebook.impl"),
        ("specs/truebook/cli.py", "import click", "click"),
        ("specs/truebook/commands.py", "import rich", "rich"),
        ("specs/truebook/installed.py", "import packaging", "packaging"),
        ("specs/truebook/stray.py", "", "no part"),
        ("model/truebook/specs/stray.py", "", "no part"),
        ("impl/truebook/__init__.py", "", "no part"),
    ],
)
def test_a_wrong_import_is_found(tmp_path: Path, module: str, line: str, named: str) -> None:
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(line)
    (violation,) = violations(tmp_path)
    assert module in violation
    assert named in violation


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("model/truebook/model/tracker.py", "import enum, attrs\nfrom . import vocabulary"),
        ("impl/truebook/impl/book/ledger.py", "from truebook.model.vocabulary import Side"),
        ("impl/truebook/impl/venues/wire.py", "from ..book import UnifiedOrderBook"),
        ("specs/truebook/specs/refine/replay.py", "import truebook.impl, truebook.model.world"),
        ("specs/truebook/oracle/audit.py", "import truebook.impl, truebook.model.world"),
        ("specs/truebook/review/journal_command.py", "from truebook.impl import journal"),
        ("specs/truebook/specs/explore/kernel.py", "import numpy"),
        ("specs/truebook/cli.py", "from truebook import commands, installed"),
        ("specs/truebook/commands.py", "from truebook import oracle, review, specs"),
    ],
)
def test_a_right_import_passes(tmp_path: Path, module: str, line: str) -> None:
    path = tmp_path / module
    path.parent.mkdir(parents=True)
    path.write_text(line)
    assert violations(tmp_path) == []


@pytest.mark.parametrize(
    ("module", "line", "room"),
    [
        ("sync/safety_sync.py", "from truebook.impl.book.ledger import Ledger", "book"),
        ("sync/safety_sync.py", "import truebook.impl.book.ledger", "book"),
        ("sync/safety_sync.py", "from ..book.ledger import Ledger", "book"),
        ("sync/safety_sync.py", "from truebook.impl.book.fills.memory import Memory", "book"),
        ("book/ledger.py", "from truebook.impl.book.fills.memory import Memory", "book.fills"),
        ("sync/safety_sync.py", "from truebook.impl.book import Ledger", None),
        ("sync/safety_sync.py", "import truebook.impl.book as book", None),
        ("book/orders.py", "from truebook.impl.book.ledger import Ledger", None),
        ("book/fills/memory.py", "from truebook.impl.book.ledger import Ledger", None),
        ("__init__.py", "from truebook.impl.book import Ledger", None),
    ],
)
def test_a_room_is_entered_through_its_door(
    tmp_path: Path, module: str, line: str, room: str | None
) -> None:
    house = tmp_path / "impl" / "truebook" / "impl"
    for package in (".", "book", "book/fills", "sync"):
        (house / package).mkdir(parents=True, exist_ok=True)
        (house / package / "__init__.py").touch()
    (house / module).write_text(line)
    found = violations(tmp_path)
    assert [f"reaches past truebook.impl.{room} " in line for line in found] == [True] * bool(room)


def test_every_module_that_is_entered_late_exists() -> None:
    files = {path.relative_to(HOUSE).as_posix().partition("/")[2] for path in modules(HOUSE)}
    assert {f"{name.replace('.', '/')}.py" for name in LATE} <= files


# A registry's host or a folder of one machine would tie the project to it.
PLACES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.(?:org|com)|crates\.io|deb\.debian\.org"
    r"|(?<![\w.~-])/(?:work|root|home|Users)/"
)


def named_places(house: Path) -> list[str]:
    """List where a text file that git tracks, or is about to, names a place that only some have."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=house,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    found = []
    for name in filter(None, listing.split("\0")):
        path = house / name
        data = path.read_bytes() if path.is_file() else b""  # deleted, but not yet in the index
        if b"\0" in data:
            continue
        for number, line in enumerate(data.decode("utf-8", "replace").splitlines(), 1):
            found += [f"{name}:{number}: {place}" for place in PLACES.findall(line)]
    return found


@pytest.mark.skipif(not (HOUSE / ".git").exists(), reason="not a git checkout")
def test_no_file_names_a_registry_or_a_machine() -> None:
    assert named_places(HOUSE) == []


def test_a_named_place_is_found(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    host, folder = ".".join(["pypi", "org"]), "/".join(["", "root", "x"])
    (tmp_path / "lock.txt").write_text(f"fine: ./work/x a/home/b\n--index https://{host}/simple\n")
    (tmp_path / "notes.md").write_text(f"see `{folder}`")
    (tmp_path / "picture.bin").write_bytes(b"\0" + folder.encode())
    found = named_places(tmp_path)
    assert found == [f"lock.txt:2: {host}", "notes.md:1: /root" + "/"]
