"""A subject that misbehaves ends its conversation in time, by its right name, leaving nothing."""

import shlex
import sys
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from truebook.oracle.driver.client import Client
from truebook.oracle.driver.process import MARK, program
from truebook.oracle.judge.results import Kind, Result
from truebook.oracle.judge.smoke_check import smoke
from truebook.oracle.plugin import TIMEOUT, subject_of

START = """
import json, os, subprocess, sys, time

def hear():
    line = sys.stdin.readline()
    return json.loads(line) if line else sys.exit()

def say(message):
    print(json.dumps(message), flush=True)

ABOUT = {"type": "about", "protocol": "2", "name": "x", "features": ["core"], "shows": ["position"]}

def answer(message):
    if message["type"] == "hello":
        return ABOUT
    return {"type": "state", "seq": message["seq"], "position": "0"}

def serve(times=10**9):
    for _ in range(times):
        say(answer(hear()))
"""

LINUX = pytest.mark.skipif(not Path("/proc").is_dir(), reason="only /proc shows who is left")


Ask = Callable[..., Result]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    """Return a function that runs the smoke test on a script; afterwards nothing may be left."""
    number = 0

    def run(script: str, timeout: float = 10) -> Result:
        nonlocal number
        number += 1
        path = tmp_path / f"subject{number}.py"
        path.write_text(START + textwrap.dedent(script))
        opener = program([sys.executable, str(path)], timeout=timeout, longest=1 << 20)
        client = Client(opener)
        try:
            return smoke(client)
        finally:
            client.close()

    yield run
    assert left_over(tmp_path) == []


def left_over(place: Path) -> list[str]:
    """List the processes that were begun by a subject from some place."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            environment = (entry / "environ").read_bytes()
            line = (entry / "cmdline").read_bytes().decode()
        except OSError:
            continue
        if MARK.encode() in environment and str(place) in line:
            found.append(line)
    return found


def test_a_good_subject_passes(ask: Ask) -> None:
    assert ask("serve()").kind is Kind.PASS


def test_what_is_written_to_stderr_is_no_matter(ask: Ask) -> None:
    flood = """
    while True:
        message = hear()
        sys.stderr.write("x" * 300_000)
        say(answer(message))
    """
    assert ask(flood).kind is Kind.PASS


BROKEN = {
    "does not flush": (
        "out = open(1, 'w')\nwhile True: print(json.dumps(answer(hear())), file=out)",
        Kind.HANG,
        "no answer to hello within",
        "flush",
    ),
    "ends no line": (
        "while True: sys.stdout.write(json.dumps(answer(hear()))); sys.stdout.flush()",
        Kind.HANG,
        "no answer to hello within",
        "newline",
    ),
    "hangs": ("serve(2); time.sleep(1000)", Kind.HANG, "no answer to step within", "flush"),
    "does not read": ("time.sleep(1000)", Kind.HANG, "no answer to hello within", "flush"),
    "floods stderr": (
        "for _ in range(4): subprocess.Popen('yes >&2', shell=True)\ntime.sleep(1000)",
        Kind.HANG,
        "no answer to hello within",
        "flush",
    ),
    "drips": (
        "while True: sys.stdout.write('1'); sys.stdout.flush(); time.sleep(0.001)",
        Kind.HANG,
        "no answer to hello within",
        "newline",
    ),
    "lacks seq": (
        "serve(1); hear(); say({'type': 'state', 'position': '0'})",
        Kind.PROTOCOL,
        "in its answer to reset, seq is missing",
        "repeats the seq",
    ),
    "has the wrong seq": (
        "serve(1); hear(); say({'type': 'state', 'seq': 77, 'position': '0'}); serve()",
        Kind.PROTOCOL,
        "with seq 77",
        "repeats the seq",
    ),
    "shows a number": (
        "serve(1); m = hear(); say({'type': 'state', 'seq': m['seq'], 'position': 0})",
        Kind.PROTOCOL,
        "in its answer to reset, position is 0, and must be of type string",
        "is a text",
    ),
    "misspells": (
        "serve(1); m = hear(); say({'type': 'state', 'seq': m['seq'], 'positon': '0'})",
        Kind.PROTOCOL,
        "positon is not one of",
        "docs/protocol.md",
    ),
    "shows less than it said": (
        "serve(1); m = hear(); say({'type': 'state', 'seq': m['seq']}); serve()",
        Kind.PROTOCOL,
        "lacks 'position'",
        "it said that it shows",
    ),
    "speaks another version": (
        "hear(); say({**ABOUT, 'protocol': '0'})",
        Kind.PROTOCOL,
        "protocol is '0', and must be '2'",
        "speaks protocol '2', a text, and '1'",
    ),
    "greets": (
        "print('welcome!', flush=True); serve()",
        Kind.PROTOCOL,
        "it answered hello with a line that is not JSON: 'welcome!'",
        "print everything else to stderr",
    ),
    "answers twice": (
        "serve(1); m = hear(); print(json.dumps(answer(m)) + '\\n' + json.dumps(answer(m)));"
        "sys.stdout.flush(); serve()",
        Kind.PROTOCOL,
        'nobody asked for: \'{"type"',
        "one line for each line",
    ),
    "answers with a list": (
        "hear(); say([])",
        Kind.PROTOCOL,
        "the line is [], and must be a JSON object",
        "an answer is an object",
    ),
    "answers nested garbage": (
        "hear(); print('[' * 200000, flush=True); time.sleep(1000)",
        Kind.PROTOCOL,
        "not JSON",
        "stdout is for the protocol",
    ),
    "answers bytes that are no text": (
        "hear(); sys.stdout.buffer.write(bytes([255, 0, 200, 10])); sys.stdout.flush(); serve()",
        Kind.PROTOCOL,
        "not JSON",
        "stdout is for the protocol",
    ),
    "answers a hundred megabytes": (
        "hear(); sys.stdout.write('1' * 100_000_000); sys.stdout.flush(); time.sleep(1000)",
        Kind.PROTOCOL,
        "it answered hello with more than 1,048,576 bytes without an end of line",
        "one line of JSON",
    ),
    "floods": (
        "hear()\nwhile True: print('y', flush=False)",
        Kind.PROTOCOL,
        "not JSON: 'y'",
        "stdout is for the protocol",
    ),
    "dies": (
        "serve(2); sys.stderr.write('out of luck'); sys.exit(7)",
        Kind.CRASH,
        "it died before it answered step, with exit code 7",
        "out of luck",
    ),
    "dies in mid-line": (
        'serve(2); hear(); sys.stdout.write(\'{"type": "sta\'); sys.stdout.flush(); os._exit(0)',
        Kind.CRASH,
        "it died in the middle of its answer to step, with exit code 0",
        "wrote nothing to stderr\nanswer line by line",
    ),
    "is killed": ("serve(1); os.kill(os.getpid(), 9)", Kind.CRASH, "signal SIGKILL", "stderr"),
    "closes stdout": ("serve(1); os.close(1); time.sleep(1000)", Kind.CRASH, "closed", "open"),
    "raises": (
        "serve(1); m = hear(); say({'type': 'error', 'seq': m['seq'], 'context': 'a\\nKeyError'})",
        Kind.CRASH,
        "its own code raised: KeyError",
        "KeyError",
    ),
    "cannot take an order": (
        "serve(3); m = hear(); say({'type': 'unsupported', 'seq': m['seq'], 'reason': 'no'})",
        Kind.FAIL,
        "cannot take 'register'",
        "every subject takes",
    ),
    "does not reset": (
        "n = 0\nwhile True:\n  m = hear(); n += 1\n"
        "  say({**answer(m), **({'position': str(n)} if 'seq' in m else {})})",
        Kind.PROTOCOL,
        "after a second reset",
        "fresh book",
    ),
    "cannot do core": (
        "hear(); say({**ABOUT, 'features': []})",
        Kind.PROTOCOL,
        "lack 'core'",
        "every subject",
    ),
    "shows what there is not": (
        "hear(); say({**ABOUT, 'shows': ['position', 'orders.fill']})",
        Kind.PROTOCOL,
        "shows[1] is 'orders.fill', and must be one of position",
        "docs/protocol.md",
    ),
    "claims what there is not": (
        "hear(); say({**ABOUT, 'features': ['core', 'magic']})",
        Kind.PROTOCOL,
        "features[1] is 'magic'",
        "docs/protocol.md",
    ),
}


@LINUX
@pytest.mark.parametrize("name", BROKEN)
def test_the_fault_of_a_broken_adapter_is_named(ask: Ask, name: str) -> None:
    script, kind, what, hint = BROKEN[name]
    result = ask(script, timeout=1.0 if kind is Kind.HANG else 30)
    assert result.kind is kind
    assert what in result.what
    assert hint in result.hint


FORKS = """
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1000)", sys.argv[0]],
                 start_new_session={own})
serve({times})
"""


@LINUX
@pytest.mark.parametrize("own", [False, True], ids=["in its group", "in a group of its own"])
@pytest.mark.parametrize(
    ("times", "kind"), [(10**9, Kind.PASS), (2, Kind.CRASH)], ids=["that lives", "that dies"]
)
def test_the_children_of_a_subject_end_with_it(ask: Ask, own: bool, times: int, kind: Kind) -> None:
    assert ask(FORKS.format(own=own, times=times), timeout=30).kind is kind


def test_a_command_that_is_not_there_is_named() -> None:
    result = smoke(Client(program(["/does/not/exist"])))
    assert result.kind is Kind.CRASH
    assert result.what == "cannot start '/does/not/exist': No such file or directory"
    result = smoke(Client(program(["python adapter.py"])))
    assert "leave out its quotes" in result.hint


@pytest.mark.parametrize("name", ["adapter", "my adapter.py"])
def test_a_program_that_is_there_and_not_executable_is_said_to_be(
    name: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_text(START)
    result = smoke(Client(program([str(path)])))
    assert result.what == f"cannot start {str(path)!r}: it is not executable"
    assert "quotes" not in result.hint
    with pytest.raises(pytest.UsageError, match="is not executable"):
        subject_of(shlex.quote(str(path)))


@pytest.mark.parametrize("option", ["--timeout", TIMEOUT])
def test_what_hangs_is_told_the_option_of_whoever_began_it(option: str, tmp_path: Path) -> None:
    path = tmp_path / "subject.py"
    path.write_text("import time; time.sleep(60)")
    client = Client(program([sys.executable, str(path)], timeout=0.2, option=option))
    try:
        assert smoke(client).hint.endswith(f"needs a longer {option}")
    finally:
        client.close()


def test_a_subject_that_broke_is_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "subject.py"
    path.write_text(START + "serve(4); os._exit(3)")
    client = Client(program([sys.executable, str(path)]))
    try:
        assert [smoke(client).kind for _ in range(2)] == [Kind.CRASH, Kind.CRASH]
    finally:
        client.close()


def test_a_subject_ends_when_its_input_does(tmp_path: Path) -> None:
    path, log = tmp_path / "subject.py", tmp_path / "log"
    path.write_text(
        START + f"serve_ended = open({str(log)!r}, 'w')\ntry: serve()\n"
        "except SystemExit: serve_ended.write('ended by itself')"
    )
    client = Client(program([sys.executable, str(path)]))
    assert smoke(client).kind is Kind.PASS
    client.close()
    assert log.read_text() == "ended by itself"
