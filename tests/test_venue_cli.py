"""`truebook venue`: what it serves and judges, what it refuses, and its exit codes."""

import json
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any
from xml.etree import ElementTree

import pytest

from command_line import PROGRAM

Command = Callable[..., CompletedProcess[str]]
BOT = (sys.executable, str(Path(__file__).parent / "support" / "odd_bot.py"))
SOON = ("--runs", "1", "--seconds", "60", "--quiet", "0.05", "--shrink", "1")


def test_a_bot_that_is_right_breaks_nothing(truebook: Command) -> None:
    ran = truebook("venue", *SOON, "--", *BOT, "right")
    assert ran.returncode == 0, ran.stdout
    assert ran.stdout.startswith("no promise broken in 1 run\n")


def test_what_a_bot_breaks_is_said_and_written(truebook: Command, tmp_path: Path) -> None:
    files = {name: tmp_path / name for name in ("junit", "sarif", "record", "save")}
    options = [word for name, file in files.items() for word in (f"--{name}", str(file))]
    ran = truebook("venue", *SOON, *options, "--", *BOT, "leaves")
    assert ran.returncode == 1
    assert "1 of 1 run broke a promise" in ran.stdout
    assert "no-order-left-behind: it ended, and left 1 of its orders open" in ran.stdout
    assert "no fault at all, in 3 of 3 runs (seed 1)" in ran.stdout
    (case,) = ElementTree.fromstring(files["junit"].read_text())[0]
    assert [one.get("type") for one in case] == ["no-order-left-behind"]
    (result,) = json.loads(files["sarif"].read_text())["runs"][0]["results"]
    assert result["ruleId"] == "no-order-left-behind"
    assert json.loads(files["save"].read_text()) == []
    lines = [json.loads(line) for line in files["record"].read_text().splitlines()]
    assert any(line.get("body", {}).get("action", {}).get("type") == "order" for line in lines)
    assert any("truth" in line and line["truth"]["open"] for line in lines)


PLAN = '[{"message": "cancel", "nth": 1, "do": "429"}]'


def test_why_a_run_broke_is_said_whatever_is_spent_on_fewer_faults(
    truebook: Command, tmp_path: Path
) -> None:
    plan, saved = tmp_path / "plan", tmp_path / "saved"
    plan.write_text(PLAN)
    options = (*SOON[:-1], "0", "--plan", str(plan), "--save", str(saved))
    ran = truebook("venue", *options, "--", *BOT, "right")
    assert ran.returncode == 1
    told = " ".join(ran.stdout.split())
    assert "no-order-left-behind: it ended, and left 1 of its orders open" in told
    assert "1 fault, in one run (seed 1): cancel 1: 429" in told
    assert "the bot said last:" in told
    assert "--shrink 1 or more leaves out the faults that do nothing" in told
    assert json.loads(saved.read_text()) == json.loads(PLAN)


def test_a_story_is_told_once_however_many_promises_break_in_it(truebook: Command) -> None:
    ran = truebook("venue", *SOON[:-1], "0", "--", *BOT, "again")
    told = " ".join(ran.stdout.split())
    assert told.count("the bot said last:") <= 1
    assert told.count("it believes the venue") == 1
    assert told.count("in the same run as the one before") == 2


def test_a_finding_is_in_the_script_and_its_faults_are_in_the_plan(
    truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(BOT[1], "bot.py")
    Path("plan.json").write_text(
        '[\n{"message": "order", "nth": 9, "do": "429"},\n'
        '{"message": "cancel", "nth": 1, "do": "429"}\n]\n'
    )
    options = ("--plan", "plan.json", "--sarif", "found.sarif")
    assert truebook("venue", *SOON, *options, "--", BOT[0], "bot.py", "right").returncode == 1
    *_, found = json.loads(Path("found.sarif").read_text())["runs"][0]["results"]
    assert [places(one) for one in found["locations"]] == [("bot.py", 1)]
    assert [places(one) for one in found["relatedLocations"]] == [("plan.json", 3)]
    assert found["relatedLocations"][0]["message"]["text"] == "cancel 1: 429"
    assert found["relatedLocations"][0]["id"] == 1
    assert truebook("venue", *SOON, *options, "--", *BOT, "leaves").returncode == 1
    (found,) = json.loads(Path("found.sarif").read_text())["runs"][0]["results"]
    program = Path(sys.executable).name
    assert [places(one) for one in found["locations"]] == [(program, 1)], "no file is below here"
    assert "relatedLocations" not in found


def places(where: dict[str, Any]) -> tuple[str, int]:
    place = where["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def test_json_is_an_object_of_runs(truebook: Command) -> None:
    ran = truebook("venue", *SOON, "--json", "--", *BOT, "loop")
    told = json.loads(ran.stdout)
    assert [one["promise"] for one in told["runs"][0]["broken"]] == ["no-cancel-in-a-loop"]
    assert told["shortest"][0]["faults"] == []


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("--market BTC", "'BTC' is no market: name one as BTC:5:60000"),
        ("--market BTC:9:1", "0 to 6 decimals"),
        ("--market BTC:2:0", "a price above 0"),
        ("--market DOGE:6:0.1", "with 6 decimals of its sizes a price is from 1000 to"),
        ("--market X:0:1e-9", "with 0 decimals of its sizes a price is from 0.001 to 1000"),
        ("--market X:4:1e30", "with 4 decimals of its sizes a price is from 10 to"),
        ("--market X:4:3000.123", "a price has five figures, or is whole"),
        ("--market X:4:3000 --market X:4:30", "X is named twice"),
        ("--market 'A B:4:3000'", "a coin is 1 to 20 letters and digits"),
        ("--account foo", "'foo' is no address: 0x and 40 hexadecimal digits"),
        ("--save a", "--save has a meaning with COMMAND alone"),
        ("--seconds 3", "--seconds has a meaning with COMMAND alone"),
        ("--json", "--json has a meaning with COMMAND alone"),
        ("--port 5 -- true", "--port has a meaning without COMMAND alone"),
        ("--alone -- true", "--alone has a meaning without COMMAND alone"),
        ("--plan plan.json --rate 0.1 -- true", "those of --plan, or drawn by --rate"),
        ("--save a --junit ./a -- true", "--save and --junit are one file, a"),
        ("--record /dev/full", "cannot write /dev/full: No space left on device"),
        ("--rate 2", "--rate"),
        ("--limit none -- true", "'none' is no size above 0"),
        ("--plan plan.json -- true", "cannot read the plan plan.json: fault 1 of the plan: "),
        ("-- /no/such/bot", "cannot start /no/such/bot: No such file"),
        ("--port 70000", "--port"),
        ("--balance -1", "--balance"),
        ("--step 1001", "--step"),
        ("--host localhost", "'localhost' is no address: name one as 127.0.0.1"),
        ("--host 0.0.0.0", "whoever reaches 0.0.0.0 could trade at the venue"),
        ("--host ::", "whoever reaches :: could trade at the venue"),
        ("--host 192.0.2.1", "where that is wanted, say --anyone too"),
    ],
)
def test_nonsense_is_refused(
    options: str, said: str, truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plan.json").write_text('[{"message": "letter", "nth": 1, "do": "lost"}]')
    ran = truebook("venue", *shlex.split(options))
    assert ran.returncode == 2
    assert said in " ".join(ran.stderr.split())


@pytest.mark.parametrize(
    ("where", "shown"),
    [
        ("", "127.0.0.1"),
        ("--host 127.0.0.2", "127.0.0.2"),
        ("--host 0.0.0.0 --anyone", "0.0.0.0"),
    ],
)
def test_it_serves_until_it_is_interrupted(where: str, shown: str) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = f"venue {where} --port {port} --market XYZ:2:100 --balance 500 --volume 7 --step 3"
    command = [*PROGRAM, *words.split()]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stderr is not None
        assert f"http://{shown}:{port}" in serving.stderr.readline()

        def asked(question: dict[str, str]) -> Any:
            body = json.dumps({**question, "user": "0x" + "01" * 20}).encode()
            request = urllib.request.Request(f"http://{shown}:{port}/info", body)
            with urllib.request.urlopen(request, timeout=10) as reply:
                return json.load(reply)

        assert asked({"type": "meta"})["universe"][0]["name"] == "XYZ"
        state = asked({"type": "clearinghouseState"})
        assert state["marginSummary"]["accountValue"] == "500.0"
        assert asked({"type": "userRateLimit"})["cumVlm"] == "7.0"
        serving.send_signal(signal.SIGINT)
        assert serving.wait(20) == 0
        assert serving.stderr.read() == ""


def test_who_interrupts_a_run_does_not_wait_for_a_bot_that_does_not_end(tmp_path: Path) -> None:
    started = tmp_path / "started"
    deaf = "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    bot = (sys.executable, "-c", f"{deaf}open(sys.argv[1], 'w'); time.sleep(60)", str(started))
    command = [*PROGRAM, "venue", "--runs", "1", "--seconds", "60", "--", *bot]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as judging:
        while not started.exists():
            assert judging.poll() is None
            time.sleep(0.05)
        judging.send_signal(signal.SIGINT)
        assert judging.wait(6) == 130


def test_a_port_that_is_taken_is_said(truebook: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = truebook("venue", "--port", str(taken.getsockname()[1]))
    assert ran.returncode == 2
    assert "cannot listen on port" in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no file that is full")
@pytest.mark.parametrize("option", ["--junit", "--sarif"])
def test_what_was_found_is_said_though_a_file_cannot_be_written(
    truebook: Command, option: str
) -> None:
    ran = truebook("venue", *SOON, option, "/dev/full", "--", *BOT, "leaves")
    assert ran.returncode == 2
    assert "no-order-left-behind" in ran.stdout
    assert "cannot write /dev/full" in ran.stderr


def test_a_plan_of_which_nothing_comes_due_is_said(truebook: Command, tmp_path: Path) -> None:
    plan = tmp_path / "plan"
    plan.write_text('[{"message": "modify", "nth": 1, "do": "502"}]')
    ran = truebook("venue", *SOON, "--plan", str(plan), "--", *BOT, "right")
    assert ran.returncode == 0
    assert "no fault of the plan came due" in ran.stdout
    plan.write_text('[{"message": "order", "nth": 1, "do": "late", "seconds": 0.1}]')
    ran = truebook("venue", *SOON, "--plan", str(plan), "--", *BOT, "right")
    assert "came due" not in ran.stdout


def test_what_a_bot_said_last_is_told_to_programs_too(truebook: Command) -> None:
    ran = truebook("venue", *SOON, "--json", "--", *BOT, "ends")
    (run,) = json.loads(ran.stdout)["runs"]
    assert run["said"] == "that is all\n"
