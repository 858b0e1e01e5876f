"""The bots of examples trade at the venue as it is, where there is what runs them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

Command = Callable[..., CompletedProcess[str]]
BOTS = Path(__file__).resolve().parents[2] / "examples" / "bots"
NODE = BOTS / "javascript"
SHORT = ("--runs", "1", "--seconds", "5", "--quiet", "3", "--shrink", "0", "--json")


@pytest.fixture
def node() -> tuple[str, ...]:
    """Return the command that runs a bot on Node, which has a WebSocket since 22, 20 by a flag."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("Node is not installed")
    if not (NODE / "node_modules" / ".installed").exists():
        pytest.skip("`make node` installs the clients for Node")
    for command in ((program,), (program, "--experimental-websocket")):
        if subprocess.run((*command, "-e", "WebSocket"), capture_output=True).returncode == 0:
            return command
    pytest.skip("this Node is too old to have a WebSocket")


def trades(truebook: Command, *command: str) -> None:
    """Check that a bot finds all it asks for, trades, says what it believes, and that it is so."""
    ran = truebook("venue", *SHORT, "--", *command)
    (run,) = json.loads(ran.stdout)["runs"]
    assert run["broken"] == [], ran.stdout
    assert ran.returncode == 0
    assert run["unanswered"] == {}
    assert run["requests"] > 2
    assert run["fills"] > 0
    assert run["beliefs"] > 2


def test_the_official_sdk(truebook: Command) -> None:
    trades(truebook, sys.executable, str(BOTS / "python_sdk.py"))


def test_a_client_for_node(truebook: Command, node: tuple[str, ...]) -> None:
    trades(truebook, *node, str(NODE / "nktkas.mjs"))
