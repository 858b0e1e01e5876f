"""The pages on the oracle: the walk-through is followed to the letter."""

import json
import re
import sys
from pathlib import Path

import pytest

from truebook.cli import run
from truebook.oracle.protocol import SCHEMA
from truebook.oracle.shapes import fault

DOCS = Path(__file__).resolve().parents[2] / "docs"


def test_the_walk_through_shows_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (DOCS / "oracle.md").read_text()
    for name, text in re.findall(r"```python (\S+)\n(.*?)```", page, re.DOTALL):
        (tmp_path / name).write_text(text)
    ((command, shown),) = re.findall(r"```console\n\$ truebook (.*?)\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    words = [sys.executable if word == "python" else word for word in command.split()]
    assert run(words) == 1
    version = f"Python {sys.version_info.major}.{sys.version_info.minor}"
    printed = capsys.readouterr().out.replace(sys.executable, "python")
    assert printed.replace(version, "Python 3.11") == shown


def test_the_examples_of_the_protocol_are_messages() -> None:
    page = (DOCS / "protocol.md").read_text()
    defined = json.loads(SCHEMA.read_text())["$defs"]
    told = [json.loads(line) for line in re.findall(r"^    [<>] (\{.*)$", page, re.MULTILINE)]
    assert [message["type"] for message in told[:3]] == ["hello", "about", "reset"]
    for message in told:
        assert fault(defined[message["type"]], message) is None
