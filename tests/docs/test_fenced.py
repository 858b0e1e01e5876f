"""Every block of code of the pages is run as a reader would run it, or stands here with the reason.

What a block is, its info string says:

- `python`: a program. `python NAME` and `javascript NAME`: a file, or the next part of it.
- `sh`: commands that end with 0, or as their comment says: `# exit code 1`.
- `console`: commands after `$`, and what they print; `…` stands for anything, and for any number of
  lines where it is a line. `$ echo $?` shows an exit code.
- `json`: is parsed. `text`: a drawing, or an output that is not compared; see NOT_COMPARED.
- `run`, `yaml`: see ELSEWHERE.

The blocks of a page are run in their order, in one folder, where `examples`, `fuzz` and
`tests/support` are those of a checkout.
"""

import contextlib
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess

import attrs
import click
import pytest
from markdown_it import MarkdownIt

from truebook.cli import run

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

NOT_RUN = {
    r"make (check|test)": "this is one of the tests that it runs",
    r"make fuzz": "ten minutes",
    r"(spin|cc|\./pan) ": "tests/specs/export/test_spin.py does, where Spin is installed",
    r"truebook prove$": "half a minute",
    r"truebook prove --design plan": "ten seconds; tests/specs/proofs/test_search.py has the run",
    r"truebook refine": "minutes, and make check does",
    r"truebook conform .*node mine/": "two minutes; tests/oracle/test_journey.py does",
    r"truebook venue$": "it serves until Ctrl-C",
    r"truebook record ": "it serves until Ctrl-C",
    r"truebook venue .*(\.venv-(clients|trackers)|node |lost-answer)": (
        "needs what `make clients trackers` installs, or luck"
    ),
    r"truebook venue --runs 2 --seconds 5 .*--rate": "minutes: it leaves faults out",
    r"truebook venue --runs 20": "six minutes",
    r"truebook audit --measure": "minutes; tests/audit/measure has what it prints",
    r"make clients": "it installs from registries; its bots are run where these are",
    r"python examples/bots/table.py": "needs what `make clients` installs, and four minutes",
    r"truebook conform .*nautilus": "needs what `make trackers` installs; tests/oracle does, then",
}
"""Commands that are not run, and why. Their options are parsed all the same."""

NOT_COMPARED = {
    "README.md": "a drawing; what make check prints in minutes",
    "docs/audit.md": (
        "tests/audit/measure compares one, one is of real bots, one is said while a file grows, "
        "as in tests/test_audit_follow_cli.py"
    ),
    "docs/check.md": "a part of what `truebook check --design plan --property confluence` prints",
    "docs/protocol.md": "a conversation, which tests/oracle/test_oracle_docs.py has",
    "docs/refine.md": "of a book that has a fault",
    "docs/venue.md": "a part of what the command before it prints",
    "docs/shadow.md": "a part of what the command before it prints",
}
"""Pages with blocks of text, and what these are."""

ELSEWHERE = {
    "run": "tests/test_docs.py replays them",
    "yaml": "tests/docs/test_ci.py runs their steps",
}
INDENTED: dict[str, str] = {}
"""Pages with text that is indented, and is not run. Commands that are indented are as fenced."""


@attrs.frozen
class Block:
    """A block of code of a page."""

    page: str
    line: int
    info: str
    text: str

    @property
    def where(self) -> str:
        return f"{self.page}:{self.line}"

    @property
    def kind(self) -> str:
        return self.info.split(" ")[0]

    @property
    def file(self) -> str:
        """Its file, where it is a part of one."""
        return self.info.partition(" ")[2]


def blocks_of(page: Path) -> Iterator[Block]:
    name = str(page.relative_to(ROOT))
    for token in MarkdownIt("commonmark").parse(page.read_text("utf-8")):
        if token.type in ("fence", "code_block"):
            assert token.map is not None
            indented = "sh" if token.content.startswith("truebook ") else "indented"
            info = token.info if token.type == "fence" else indented
            yield Block(name, token.map[0] + 1, info, token.content)


BLOCKS = [block for page in PAGES for block in blocks_of(page)]


def commands_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a block of `sh`, each with its comment."""
    for line in text.replace("\\\n", " ").splitlines():
        command, _, comment = line.partition(" # ")
        if command.strip():
            yield command.strip(), comment


def session_of(text: str) -> Iterator[tuple[str, str]]:
    """Yield the commands of a block of `console`, each with what it prints."""
    head, *entries = re.split(r"^\$ ", text, flags=re.MULTILINE)
    assert not head, "it begins with no command"
    for entry in entries:
        command, printed = re.fullmatch(r"((?:.*\\\n)*.*)\n?((?:.|\n)*)", entry).groups()  # type: ignore[union-attr]
        yield command.replace("\\\n", " "), printed


def every_command() -> Iterator[str]:
    for block in BLOCKS:
        if block.kind == "sh":
            yield from (command for command, _ in commands_of(block.text))
        elif block.kind == "console":
            yield from (command for command, _ in session_of(block.text))


def why_not(command: str) -> str:
    return next((why for pattern, why in NOT_RUN.items() if re.match(pattern, command)), "")


def do(command: str, folder: Path, before: int = 0) -> CompletedProcess[str]:
    """Run a command as a reader's shell does after a command that ended with `before`."""
    words = shlex.split(command, comments=True)
    if words[:1] == ["truebook"] and not re.search(r"[|&;<>$]", command):  # in this process: quick
        with contextlib.chdir(folder), redirect_stdout(StringIO()) as out:
            code = run(words[1:])
        return CompletedProcess(command, code, out.getvalue(), "")
    script = f"(exit {before})\n{command}"
    return subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=False
    )


def same(expected: str, printed: str) -> bool:
    """Return whether an output is as a page has it."""
    pattern = re.escape(plain(expected))
    pattern = re.sub(r"^[ ]*…\\\n", r"(?:.*\\n)*", pattern, flags=re.MULTILINE)
    return re.fullmatch(pattern.replace("…", ".*"), plain(printed)) is not None


def plain(printed: str) -> str:
    """Return an output without what differs from one Python to the next."""
    lines = (line.rstrip() for line in printed.splitlines())
    return re.sub(r"Python 3\.\d+", "Python 3", "".join(f"{line}\n" for line in lines))


def run_block(block: Block, folder: Path) -> None:
    """Run a block in the folder of its page; AssertionError where it is not as the page says."""
    if block.file:
        with (folder / block.file).open("a", encoding="utf-8") as file:
            file.write(("\n\n" if file.tell() else "") + block.text)
    elif block.kind == "python":
        (folder / "program.py").write_text(block.text, "utf-8")
        done = do("python program.py", folder)
        assert done.returncode == 0, f"{block.where}: {done.stderr}"
    elif block.kind == "json":
        json.loads(block.text)
    elif block.kind == "sh":
        for command, comment in commands_of(block.text):
            if not why_not(command):
                done = do(command, folder)
                said = re.search(r"exit code (\d+)", comment)
                expected = int(said[1]) if said else 0
                told = f"{block.where}: {command}: {done.stdout}{done.stderr}"
                assert done.returncode == expected, told
    elif block.kind == "console":
        code = 0
        for command, printed in session_of(block.text):
            if not why_not(command):
                done = do(command, folder, code)
                code = done.returncode
                told = f"{block.where}: {command}: {done.stdout}{done.stderr}"
                assert same(printed, done.stdout), told
    else:
        lists = {"text": NOT_COMPARED, "indented": INDENTED}
        listed = block.page in lists[block.kind] if block.kind in lists else block.kind in ELSEWHERE
        assert listed, f"{block.where}: a block of {block.info!r} is neither run nor listed"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of a page, and let `python` and `truebook` be those of the tests."""
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    for name in ("COLUMNS", "CI", "BUILD_NUMBER"):  # pytest writes more in a CI
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "tests").mkdir()  # not all of it: a pytest of the page's would collect it
    for name in ("examples", "fuzz", "tests/support"):
        (tmp_path / name).symlink_to(ROOT / name)
    return tmp_path


@pytest.mark.parametrize("page", sorted({block.page for block in BLOCKS}))
def test_the_blocks_of_a_page_do_what_it_says(page: str, folder: Path) -> None:
    for block in BLOCKS:
        if block.page == page:
            run_block(block, folder)


@pytest.mark.parametrize("command", [c for c in every_command() if why_not(c)])
def test_the_options_of_a_command_that_is_not_run_are_known(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(click.Command, "invoke", lambda self, context: 0)  # parsed, and not run
    monkeypatch.chdir(ROOT)
    name, *words = shlex.split(command)
    if name == "truebook":
        assert run(words) == 0, capsys.readouterr().err


def test_what_is_listed_is_there() -> None:
    commands = list(every_command())
    for pattern in NOT_RUN:
        assert any(re.match(pattern, command) for command in commands), pattern
    for kind, listed in (("text", NOT_COMPARED), ("indented", INDENTED)):
        assert {block.page for block in BLOCKS if block.kind == kind} == set(listed)
    assert set(ELSEWHERE) <= {block.kind for block in BLOCKS}
    assert len(commands) > 20


def test_every_target_that_a_page_makes_is_in_the_makefile() -> None:
    known = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    pages = "\n".join(page.read_text() for page in PAGES)
    named = re.findall(r"`make ([a-z]+)`|^make ([a-z]+)", pages, re.MULTILINE)
    assert {one or other for one, other in named} <= set(known)
    assert named


@pytest.mark.parametrize(
    ("info", "text"),
    [
        ("python", "raise SystemExit(3)"),
        ("json", '{"a": …}'),
        ("sh", "false"),
        ("sh", "true  # exit code 1"),
        ("sh", "truebook nothing"),
        ("console", "$ echo one\ntwo\n"),
        ("console", "$ echo one\n"),
        ("console", "$ printf '1\\n2\\n'\n1\n"),
        ("console", "$ false\n$ echo $?\n0\n"),
        ("text", "a drawing"),
        ("", "nobody says what it is"),
    ],
)
def test_a_block_that_is_not_as_it_says_is_found(info: str, text: str, folder: Path) -> None:
    with pytest.raises((AssertionError, ValueError)):
        run_block(Block("docs/none.md", 1, info, text), folder)


def test_a_session_is_compared_line_by_line(folder: Path) -> None:
    shown = "$ printf '1\\n2 and 3\\n4\\n'\n1\n2 …\n4\n$ (exit 3)\n$ echo $?\n3\n$ seq 9\n1\n…\n9\n"
    run_block(Block("docs/none.md", 1, "console", shown), folder)
