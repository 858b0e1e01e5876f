"""What commands show on a screen of 60 columns, on a real terminal, without colours, and piped."""

import os
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from command_line import on_terminal
from truebook import commands
from truebook.impl import Side
from truebook.impl.journal.journaled_book import JournaledBook
from truebook.oracle.cases.case import FEATURES
from truebook.oracle.conform import Gathering, check_smoke, run_vectors
from truebook.oracle.driver.client import Direct
from truebook.oracle.mutants import MUTANTS, Death, matrix
from truebook.oracle.reference.subject import ReferenceBook
from truebook.oracle.reports import Run, concluded
from truebook.oracle.reports import text as report
from truebook.oracle.serve import Effects, Event, Session
from truebook.oracle.vectors.shipped import all_vectors
from truebook.screen.layout import WIDE, Block, laid_out

Golden = Callable[[str, str], None]
Shown = Callable[..., str]

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture
def shown(capsys: pytest.CaptureFixture[str]) -> Shown:
    def command(*arguments: str) -> str:
        from truebook.cli import run

        capsys.readouterr()
        run(arguments)
        return capsys.readouterr().out

    return command


def both(golden: Golden, name: str, blocks: list[Block]) -> None:
    for file, width in ((name, WIDE), (f"narrow/{name}", 60)):
        golden(file, "".join(f"{line}\n" for _, line in laid_out(blocks, width)))


class Wrong(ReferenceBook):
    """A book that counts what an answer says has filled, and takes no cancel for one."""

    more = Decimal(0)

    def step(self, event: Event, at: int) -> Effects:
        self.more += Decimal(event.get("filled", "0")) if event["type"] == "answer" else 0
        return super().step({"type": "tick"} if event["type"] == "cancel" else event, at)

    def state(self) -> Mapping[str, Any]:
        shown = super().state()
        return {**shown, "position": Decimal(shown["position"]) + self.more}


def test_a_run_of_a_wrong_book(golden: Golden) -> None:
    slugs = (
        "without-fills-move-position-no-fill-twice",
        "without-state-is-derived-identity",
        "duplicate-tid",
        "orphan-grace",
        "cancel-rejected-still-open",
    )
    chosen = [(c, ("--only", c.slug)) for c in all_vectors() if c.slug in slugs]
    session, gathering = Session(Wrong, name="wrong", features=FEATURES), Gathering()
    assert check_smoke(gathering, lambda: Direct(session))
    run_vectors(gathering, lambda: Direct(session), chosen)
    assert gathering.about is not None
    command = ("python", "my adapter.py", "--of", "a word that is rather long for a screen")
    found = gathering.findings.findings()
    results, findings, _ = concluded(gathering.about, gathering.results, found, {})
    run = Run(gathering.about, command, results, findings, options=("--timeout", "7"))
    text = [line for _, line in report.lines_of(run)]
    golden_of = list(report.blocks(run))
    assert any(line.startswith("critical: position-is-unique-fills: ") for line in text)
    assert any(line.startswith("difference: ") for line in text)
    version = [line for line in text if line.startswith("wrong, in Python")]
    both(golden, "conform.txt", golden_of[1:])
    assert len(version) == 1, "the first line names the version of Python, and is left out"


def test_a_kill_matrix(golden: Golden) -> None:
    deaths = [Death(MUTANTS[0], ("duplicate-tid", "row-x", "row-y"), "row-x")]
    deaths += [Death(mutant, ()) for mutant in MUTANTS if mutant.survives]
    both(golden, "mutants.txt", list(matrix(deaths)))


@pytest.mark.parametrize(("columns", "folder"), [(None, ""), ("60", "narrow/")])
def test_a_journal(
    columns: str | None,
    folder: str,
    shown: Shown,
    golden: Golden,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    with JournaledBook(Path("book.journal")) as book:
        cloid = book.register_pending(Side.BUY, Decimal("99.5"), Decimal(10), cloid="c1", now=1)
        book.process_fill(7, 1, Decimal(4), Decimal("99.5"), True, cloid=cloid, time=2, now=3)
    golden(f"{folder}journal-show.txt", shown("journal", "show", "book.journal"))
    golden(f"{folder}journal-verify.txt", shown("journal", "verify", "book.journal"))
    Path("damaged.journal").write_bytes(Path("book.journal").read_bytes()[:5000])
    golden(f"{folder}journal-damaged.txt", shown("journal", "verify", "damaged.journal"))


@pytest.mark.parametrize(("columns", "folder"), [(None, ""), ("60", "narrow/")])
def test_the_list_of_vectors(
    columns: str | None,
    folder: str,
    shown: Shown,
    golden: Golden,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if columns is not None:
        monkeypatch.setenv("COLUMNS", columns)
    golden(f"{folder}vectors.txt", shown("vectors"))


# A real terminal


def on_screen(*arguments: str, columns: int, **more: str) -> str:
    """Run the program on a terminal of so many columns, and return what it shows there."""
    ran = on_terminal(*arguments, columns=columns, more=more)
    assert ran.returncode == 0
    return ran.stdout.replace("\r\n", "\n")


def test_a_terminal_is_as_wide_as_it_says() -> None:
    narrow = (GOLDEN / "narrow" / "lifecycle.txt").read_text("utf-8")
    assert on_screen("lifecycle", columns=60) == narrow


def test_there_are_no_colours_where_none_are_wanted() -> None:
    asked = ("check", "--size", "1", "--design", "reference", "--property", "identity")
    coloured, plain, dumb = (
        on_screen(*asked, "--jobs", "1", columns=60, **more)
        for more in ({"NO_COLOR": ""}, {"NO_COLOR": "1"}, {"TERM": "dumb"})
    )
    assert "\x1b[32m  holds       identity\x1b[0m" in coloured
    assert "\n  holds       identity\n" in plain
    assert "\x1b[3" not in plain
    assert "\x1b" not in dumb, "a terminal that is dumb takes no signs at all"


def test_what_is_piped_is_as_wide_everywhere(shown: Shown, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = shown("lifecycle")
    assert max(map(len, piped.splitlines())) <= WIDE
    assert "\x1b" not in piped
    monkeypatch.setattr(os, "get_terminal_size", lambda *_: os.terminal_size((0, 0)))
    assert shown("lifecycle") == piped
    assert commands.run(["lifecycle"]) == 0
