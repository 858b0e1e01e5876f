"""What each extra promises, in environments that are made by hiding what it does not bring."""

import importlib.util
import json
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from click import Command, Context, Group
from packaging.utils import canonicalize_name

from truebook import commands
from truebook.installed import extra_for, install_command, version

HOUSE = Path(__file__).resolve().parent.parent

HIDING = """
import sys

class Hider:
    def __init__(self, finder, hidden):
        self.finder, self.hidden = finder, hidden

    def __getattr__(self, name):
        return getattr(self.finder, name)

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in self.hidden:
            return None
        return self.finder.find_spec(name, path, target)

def hide(hidden):
    sys.meta_path[:] = [Hider(finder, hidden) for finder in sys.meta_path]
"""
"""Hides modules as if they were not installed: also from who asks first whether they are."""

TABLE = (
    HIDING
    + """
import contextlib, io, json
from traceback import print_exc

hidden, rows = json.load(sys.stdin)
hide(set(hidden))

def run(words, less):
    try:
        exec(less, {})
        if words[0] == "python":
            exec(words[2], {})
            return 0
        from truebook.cli import main
        sys.argv = words
        main()
    except SystemExit as ended:
        return ended.code
    except BaseException:
        print_exc()
        return 1

for words, less in rows:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(words, less)
    print(json.dumps([code, out.getvalue(), err.getvalue()]))
"""
)
"""Runs command lines in one process, in which imports that failed are forgotten, as they are."""

PYTEST = (
    HIDING
    + """
import json
hide(set(json.loads(sys.argv[1])))
import pytest
sys.exit(pytest.main(sys.argv[2:], plugins=["truebook.oracle.plugin"]))
"""
)


@pytest.fixture(scope="module")
def extras() -> ModuleType:
    spec = importlib.util.spec_from_file_location("extras_bench", HOUSE / "bench" / "extras.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hidden(extras: Any, environment: str) -> list[str]:
    """Return the modules that are installed here and not in an environment."""
    kept = {"truebook", *extras.distributions(environment)}
    return sorted(
        module
        for module, names in packages_distributions().items()
        if not kept & {canonicalize_name(name) for name in names}
    )


def told(extras: Any, environment: str) -> list[Any]:
    """Return the rows to run: what an environment promises as it includes another is run there."""
    included = extras.included(environment) - {environment}
    return [
        row
        for row in extras.rows_of(environment)
        if row.extra not in included and not (row.apart and row.extra == environment)
    ]


def ran_in(extras: Any, environment: str, place: Path) -> Iterator[tuple[Any, str]]:
    """Run rows where all is hidden that an environment does not have; yield what came of each."""
    (place / "wrong.py").write_text(extras.WRONG)
    exec(extras.JOURNAL.replace("book.journal", str(place / "book.journal")))
    here = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    options: dict[str, Any] = {
        "cwd": place,
        "env": {**os.environ, "PATH": here, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        "capture_output": True,
        "text": True,
    }
    away, rows = hidden(extras, environment), told(extras, environment)
    ours = [row for row in rows if row.words[0] != "pytest"]
    lines = [(row.words, row.less if extras.promised(row, environment) else "") for row in ours]
    done = subprocess.run(
        [sys.executable, "-c", TABLE], input=json.dumps((away, lines)), **options, check=True
    )
    for row, line in zip(ours, done.stdout.splitlines(), strict=True):
        yield row, extras.cell(row, environment, extras.Ran(*json.loads(line)))
    for row in (row for row in rows if row.words[0] == "pytest"):
        code = [sys.executable, "-c", PYTEST, json.dumps(away), *row.words[1:]]
        done = subprocess.run(code, **options, check=False)
        ran = extras.Ran(done.returncode, done.stdout, done.stderr)
        yield row, extras.cell(row, environment, ran)


def test_every_command_works_with_what_its_extra_brings(extras: Any, tmp_path: Path) -> None:
    found: dict[tuple[str, str], str] = {}
    for name in extras.environments():
        place = tmp_path / name
        place.mkdir()
        found |= {(row.title, name): came for row, came in ran_in(extras, name, place)}
    print(*extras.table(found, extras.environments()), sep="\n")
    assert {key: came for key, came in found.items() if came.startswith("WRONG")} == {}
    for row in extras.ROWS:
        assert row.apart or found[row.title, row.extra or extras.NONE] == "works"


def test_the_table_can_fail(extras: Any) -> None:
    (row,) = (row for row in extras.ROWS if row.title == "truebook lifecycle")
    hint = "truebook: click is missing; install it with pip install 'truebook[cli]'\n"
    for code, out, err, came in (
        (0, "event", "", "works"),
        (2, "", hint, "hint"),
        (2, "", hint.replace("cli", "check"), "WRONG"),
        (2, "", hint * 2, "WRONG"),
        (1, "", hint, "WRONG"),
        (2, "event", hint, "WRONG"),
        (0, "event", "Traceback (most recent call last):", "WRONG"),
    ):
        ran = extras.Ran(code, out, err)
        assert extras.cell(row, extras.NONE, ran).startswith(came)
        assert extras.cell(row, "cli", ran).startswith("works" if came == "works" else "WRONG")


def test_what_an_environment_has_is_what_its_extra_asks_for(extras: Any) -> None:
    assert extras.distributions(extras.NONE) == {"attrs"}
    assert {"click", "rich", "pygments"} < extras.distributions("cli")
    for extra, brought in (("check", "numpy"), ("prove", "z3-solver"), ("conform", "hypothesis")):
        assert brought in extras.distributions(extra) - extras.distributions("cli")
    assert {"z3", "pytest"} <= set(hidden(extras, "check"))
    assert {"numpy", "attr", "attrs"}.isdisjoint(hidden(extras, "check"))


def commands_of(group: Group, words: str = "") -> Iterator[tuple[str, Command]]:
    """Yield every command by its words."""
    for name in group.list_commands(Context(group)):
        command = group.get_command(Context(group), name)
        assert command is not None
        yield f"{words}{name}", command
        if isinstance(command, Group):
            yield from commands_of(command, f"{words}{name} ")


def test_every_command_is_in_the_table(extras: Any) -> None:
    titles = [row.title for row in extras.ROWS]
    for name, _ in commands_of(commands.commands):
        assert any(title.startswith(f"truebook {name}") for title in titles), name


def test_the_list_of_commands_says_of_each_what_its_help_says() -> None:
    for name, (_, says) in commands.PLACES.items():
        command = commands.commands.get_command(Context(commands.commands), name)
        assert command is not None
        assert command.help is not None
        assert " ".join(command.help.split("\n\n")[0].split()).startswith(says)
    assert list(commands.PLACES) == sorted(commands.PLACES)


def test_the_list_of_commands_imports_none_of_them() -> None:
    code = """
import sys
from truebook.commands import run
for option in ("--help", "--version"):
    run([option])
heavy = {"rich", "numpy", "hypothesis", "z3", "truebook.review", "truebook.oracle"}
print(heavy & set(sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "truebook, version" in done.stdout
    assert done.stdout.endswith("\nset()\n")
    assert "\n  lifecycle  Print the lifecycle of one order" in done.stdout


# The hint


@pytest.mark.parametrize(
    ("line", "extra"),
    [
        ("", "cli"),
        ("--help", "cli"),
        ("journal verify x", "cli"),
        ("lifecycle", "cli"),
        ("vectors here", "cli"),
        ("vectors --remake", "check"),
        ("check --size 1", "check"),
        ("check --help", "cli"),
        ("prove -h", "cli"),
        ("refine", "check"),
        ("refine --jobs 2 --defects", "conform"),
        ("export itf --run send", "check"),
        ("export --help", "cli"),
        ("export smt2", "prove"),
        ("prove --lemmas", "prove"),
        ("mutants", "cli"),
        ("conform -- prove --help", "conform"),
        ("journal verify check", "cli"),
        ("-- check", "cli"),
        ("audit --json run.jsonl", "audit"),
        ("audit --measure 2", "audit,venue"),
    ],
)
def test_the_extra_is_that_of_the_command(line: str, extra: str) -> None:
    assert extra_for(line.split()) == extra


HERE = {"url": HOUSE.as_uri(), "dir_info": {"editable": True}}


@pytest.mark.parametrize(
    ("origin", "place", "ends"),
    [
        (HERE, HOUSE, "install -e '.[prove]'"),
        (HERE, HOUSE.parent, f"install -e '{HOUSE}[prove]'"),
        ({**HERE, "dir_info": {}}, HOUSE, "install '.[prove]'"),
        ({"url": "file:///no/such%20folder", "dir_info": {}}, HOUSE, "install 'truebook[prove]'"),
        ({"url": "file:///x.whl", "archive_info": {}}, HOUSE, "install 'truebook[prove]'"),
        ({}, HOUSE, "install 'truebook[prove]'"),
        (None, HOUSE, "install '.[prove]'"),
        (None, HOUSE.parent, f"install '{HOUSE}[prove]'"),
    ],
)
def test_the_hint_installs_from_where_it_came(
    origin: Any, place: Path, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Noted:
        version = "1"

        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return json.dumps(origin) if origin else None

    def found(name: str) -> Noted:
        if origin is None:
            raise PackageNotFoundError
        return Noted()

    monkeypatch.setattr("truebook.installed.distribution", found)
    monkeypatch.chdir(place)
    assert install_command("prove").endswith(ends)
    assert version() == ("0" if origin is None else "1")


def test_the_hint_calls_the_pip_of_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder, here in ((Path(sys.executable).parent, True), (tmp_path, False)):
        monkeypatch.setattr("shutil.which", lambda name, folder=folder: str(folder / name))
        first, *rest = shlex.split(install_command("cli"))
        assert first == ("pip" if here else sys.executable)
        assert rest[:1] == (["install"] if here else ["-m"])


def test_the_page_says_what_each_extra_brings(extras: Any) -> None:
    page = (HOUSE / "docs" / "install.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `([\w-]+)` \| (.*) \|$", page, re.MULTILINE))
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text("utf-8"))["project"]
    assert set(rows) == set(project["optional-dependencies"])
    named = {}
    for extra, row in rows.items():
        for line in re.findall(r"`truebook ([^`]+)`", row):
            named[line] = extra
            assert extra_for(line.split()) == extra, line
    for name, command in commands_of(commands.commands):
        assert isinstance(command, Group) or name in named or name.startswith("journal ")
    for extra in extras.extras():
        brought, _, _ = rows.get(extra, "attrs | ").partition(" | ")
        for asked in extras.extras()[extra]:
            words = asked.extras or {asked.name.removesuffix("-solver")}
            assert all(word in brought.lower() for word in words), (extra, words)
