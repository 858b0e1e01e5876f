"""`truebook venue --client`: what it says is what its page says, and what there is to be run."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from truebook.venue.clients import CLIENTS, Client

Command = Callable[..., CompletedProcess[str]]
ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/venue.md").read_text("utf-8")
COMMANDS = re.findall(r"^(truebook venue .*?)(?:  #|$)", PAGE.replace(" \\\n   ", ""), re.MULTILINE)
FOUND = [(client, found) for client in CLIENTS for found in client.found]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_a_client_is_pointed_at_the_address_that_is_served(
    truebook: Command, client: Client
) -> None:
    ran = truebook("venue", "--client", client.name, "--port", "4321")
    assert ran.returncode == 0
    assert ran.stdout.startswith(f"{client.name} (tried: {client.tried})\n")
    assert "http://127.0.0.1:4321" in ran.stdout
    assert "ws://127.0.0.1:4321/ws" in ran.stdout or "ws" not in " ".join(client.point)
    assert "{" not in re.sub(r"\{ \w+: .*? \}|\{\"public\": .*?\}", "", ran.stdout)


def test_an_address_of_six_is_written_as_such(truebook: Command) -> None:
    ran = truebook("venue", "--client", "ccxt", "--host", "::1", "--json")
    assert '"http://[::1]:3001"' in json.loads(ran.stdout)["point"][0]


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_each_client_is_on_the_page_in_the_version_that_was_tried(client: Client) -> None:
    names = [row.split("|")[1] for row in PAGE.splitlines() if row.startswith("|")]
    assert any(f" {client.name} {client.tried}" in name for name in names)
    assert f"**{client.name} {client.tried}**" in PAGE


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_the_version_that_was_tried_is_the_one_that_is_installed(client: Client) -> None:
    node = json.loads((ROOT / "examples/bots/javascript/package.json").read_text("utf-8"))
    pinned = [f"{name}=={version}" for name, version in node["dependencies"].items()]
    for constraints in sorted(ROOT.glob("constraints*.txt")):
        pinned += re.findall(r"^([\w.-]+==[\w.]+)", constraints.read_text("utf-8"), re.MULTILINE)
    package = {"NautilusTrader": "nautilus-trader"}.get(client.name, client.name)
    assert f"{package}=={client.tried}" in pinned


@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.name)
def test_what_its_commands_name_is_there(client: Client) -> None:
    commands = [client.trial, *(client.command(found) for found in client.found)]
    for word in (word for command in commands for word in command):
        if word.startswith("examples/"):
            assert (ROOT / word).is_file(), word


def test_what_was_found_is_shown_on_the_page_by_the_same_command() -> None:
    shown = {" ".join(client.command(found)) for client, found in FOUND}
    assert shown <= set(COMMANDS)


def test_each_command_that_shows_something_of_a_client_belongs_to_it() -> None:
    section = PAGE.split("## What was found of each client")[1].split("Such plans are found")[0]
    commands = re.findall(r"^(truebook venue .*?)  #", section, re.MULTILINE)
    assert commands
    assert set(commands) <= {" ".join(client.command(found)) for client, found in FOUND}


def test_a_plan_has_three_faults_at_most() -> None:
    for plan in {found.plan for _, found in FOUND if found.plan}:
        assert len(json.loads((ROOT / "examples/plans" / plan).read_text("utf-8"))) <= 3


@pytest.mark.parametrize("more", [["--runs", "2"], ["--rate", "0.1"], ["--alone"]])
def test_what_serves_or_judges_has_no_meaning_beside_it(truebook: Command, more: list[str]) -> None:
    ran = truebook("venue", "--client", "ccxt", *more)
    assert ran.returncode == 2
    assert f"{more[0]} has no meaning beside --client" in ran.stderr


def test_with_a_command_it_is_refused(truebook: Command) -> None:
    ran = truebook("venue", "--client", "ccxt", "--", "true")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert "--client has a meaning without COMMAND alone" in ran.stderr


def test_a_name_that_is_nearly_right_is_said(truebook: Command) -> None:
    ran = truebook("venue", "--client", "nautilustrader")
    assert ran.returncode == 2
    assert "Did you mean 'NautilusTrader'?" in ran.stderr
