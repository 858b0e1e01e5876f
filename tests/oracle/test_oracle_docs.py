"""The conversation that docs/protocol.md shows takes place; other blocks are run by tests/docs."""

import json
import re
import subprocess
import sys
from pathlib import Path

import attrs

from truebook.oracle.cases.shapes import fault
from truebook.oracle.protocol import VERSION
from truebook.oracle.protocol.messages import SCHEMAS

DOCS = Path(__file__).resolve().parents[2] / "docs"


@attrs.frozen
class Block:
    """A fenced block: its language, the file that it is, if any, and its text."""

    language: str
    file: str
    text: str


def blocks(page: str) -> list[Block]:
    found = re.findall(r"^```(\w+) ?(\S*)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE)
    return [Block(*parts) for parts in found]


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
    defined = json.loads(SCHEMAS[VERSION].read_text())["$defs"]
    told = [json.loads(line[2:]) for line in talk.text.splitlines()]
    assert [message["type"] for message in told[:3]] == ["hello", "about", "reset"]
    for message in told:
        assert fault(defined[message["type"]], message) is None
