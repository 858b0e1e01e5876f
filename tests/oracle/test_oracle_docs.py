"""The pages on the oracle are followed to the letter: each block in its turn, as a reader would."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

from truebook.oracle.protocol import SCHEMA
from truebook.oracle.shapes import fault

DOCS = Path(__file__).resolve().parents[2] / "docs"
PROGRAMS = Path(sys.executable).parent
VERSION = f"Python {sys.version_info.major}.{sys.version_info.minor}"


@attrs.frozen
class Block:
    """A fenced block: its language, the file that it is, if any, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    found = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [Block(*parts) for parts in found]


def shown_and_expected(session: str, place: Path) -> list[tuple[str, str]]:
    """Type the commands of a block into one shell, and pair what each shows with what it should."""
    told = re.findall(r"^\$ (.*\n)((?:(?!\$ ).*\n)*)", session, re.MULTILINE)
    script = "".join(
        f"{command}code=$?; printf '\\0'; (exit $code)\n" for command, _ in told
    )  # what is between two commands leaves $? as it was
    environment = {**os.environ, "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "-c", script], cwd=place, env=environment, capture_output=True, text=True
    )
    shown = done.stdout.replace(VERSION, "Python 3.11").split("\0")[:-1]
    return list(zip(shown, [expected for _, expected in told], strict=True))


def agrees(shown: str, expected: str) -> bool:
    """Tell whether what is shown is what is expected, where … stands for anything."""
    return (
        re.fullmatch(".*".join(map(re.escape, expected.split("…"))), shown, re.DOTALL) is not None
    )


@pytest.mark.parametrize("name", ["oracle.md", "protocol.md"])
def test_a_page_can_be_followed(name: str, tmp_path: Path) -> None:
    sessions = 0
    for block in blocks((DOCS / name).read_text("utf-8")):
        if block.file:
            (tmp_path / block.file).write_text(block.text)
        elif block.language == "console":
            sessions += 1
            for shown, expected in shown_and_expected(block.text, tmp_path):
                assert agrees(shown, expected), f"shown is\n{shown}\nand the page has\n{expected}"
        else:
            assert block.language == "text"
    assert sessions


def test_what_a_page_has_wrong_is_noticed(tmp_path: Path) -> None:
    typed = "$ echo one; exit_with() { return 3; }\none\n$ exit_with\n$ echo $?\n3\n"
    typed += "$ echo a; echo b; echo c\na\n…\nc\n$ echo a\nb\n"
    pairs = shown_and_expected(typed, tmp_path)
    assert [agrees(*pair) for pair in pairs] == [True, True, True, True, False]
    assert not agrees("one\ntwo\n", "one\n")


def test_the_conversation_of_the_protocol_takes_place(tmp_path: Path) -> None:
    page = blocks((DOCS / "protocol.md").read_text("utf-8"))
    (adapter,) = (block for block in page if block.file == "adapter.py")
    (talk,) = (block for block in page if block.language == "text")
    (tmp_path / adapter.file).write_text(adapter.text)
    asked, answered = (re.findall(rf"^{sign} (.*\n)", talk.text, re.MULTILINE) for sign in "><")
    done = subprocess.run(
        [sys.executable, adapter.file],
        cwd=tmp_path,
        input="".join(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "".join(answered)
    assert len(asked) == len(answered) == talk.text.count("\n") / 2


def test_the_examples_of_the_protocol_are_messages() -> None:
    (talk,) = (b for b in blocks((DOCS / "protocol.md").read_text("utf-8")) if b.language == "text")
    defined = json.loads(SCHEMA.read_text())["$defs"]
    told = [json.loads(line[2:]) for line in talk.text.splitlines()]
    assert [message["type"] for message in told[:3]] == ["hello", "about", "reset"]
    for message in told:
        assert fault(defined[message["type"]], message) is None
