"""`truebook record`: what it passes and writes, what it refuses, and its exit codes."""

import gzip
import json
import resource
import shlex
import signal
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from command_line import PROGRAM
from passed import ASKING
from venue_server import served

Command = Callable[..., CompletedProcess[str]]
META = b'{"type":"meta"}'


@contextmanager
def recording(to: str, file: str, *more: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run the command; yield its process, and where it listens."""
    command = [*PROGRAM, "record", "--to", to, "--port", "0", "-o", file, *more]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            assert f"pass to {to}, recorded in {file}; Ctrl-C ends it" in said
            yield process, said.split()[1]
        finally:
            process.kill()


def ask(url: str) -> Any:
    with urllib.request.urlopen(f"{url}/info", META, timeout=10) as reply:
        return json.load(reply)


def ended(process: subprocess.Popen[str], by: int = signal.SIGINT) -> tuple[int, str]:
    """End a process; return its exit code, and what it has said since."""
    process.send_signal(by)
    _, said = process.communicate(timeout=20)
    return process.returncode, said


def bodies(text: str) -> list[Any]:
    return [line["body"] for line in map(json.loads, text.splitlines()) if "way" in line]


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_passes_and_records_until_it_is_interrupted(by: int, tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    with served() as venue, recording(venue.url, str(file)) as (process, url):
        told = ask(url)
        assert told == ask(venue.url)
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as waiting:
            waiting.sendall(b"GET / HTTP/1.1\r\n")  # who asks for nothing holds nothing up
            assert ended(process, by) == (0, "")
    assert bodies(file.read_text()) == [json.loads(META), told]


def test_what_is_open_holds_nothing_up(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    with socket.socket() as silent, served() as venue:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        to = f"http://127.0.0.1:{silent.getsockname()[1]}"
        with recording(to, str(file)) as (process, url):
            port = int(url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as asking:
                asking.sendall(b"POST /info HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
                with silent.accept()[0] as asked:
                    asked.recv(1000)
                    assert ended(process) == (0, "")
                assert asking.recv(100) == b""
        lines = [json.loads(line) for line in file.read_text().splitlines()]
        assert [line.get("way") for line in lines] == [None, "in", "lost"]
        with recording(venue.url, str(file)) as (process, url):
            port = int(url.rpartition(":")[2])
            with socket.create_connection(("127.0.0.1", port)) as asking:
                asking.sendall(ASKING)
                assert asking.recv(12) == b"HTTP/1.1 101"
                assert ended(process) == (0, "")


def test_what_is_packed_survives_a_kill_and_is_added_to(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl.gz"
    with served() as venue:
        with recording(venue.url, str(file)) as (process, url):
            told = ask(url)
            while not bodies(gzip.decompress(file.read_bytes()).decode()):
                assert process.poll() is None
            process.kill()
        with recording(venue.url, str(file)) as (process, url):
            assert ask(url) == told
            assert ended(process) == (0, "")
    text = gzip.decompress(file.read_bytes()).decode()
    assert bodies(text) == [json.loads(META), told] * 2
    numbers = [line["id"] for line in map(json.loads, text.splitlines()) if "way" in line]
    assert numbers[0] == numbers[1] == 1
    assert numbers[2] == numbers[3] > 1  # no number is given twice


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_stops_nobody(tmp_path: Path) -> None:
    with served() as venue:
        command = [*PROGRAM, "record", "--to", venue.url, "--port", "0", "-o", "/dev/full"]
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            first = process.stderr.readline()
            assert "cannot write /dev/full: No space left on device; what passes" in first
            url = process.stderr.readline().split()[1]
            assert ask(url) == ask(url) == ask(venue.url)
            assert ended(process) == (1, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk_of_which_nobody_can_be_told_stops_nobody(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    with served() as venue, recording(venue.url, str(file)) as (process, url):
        assert process.stderr is not None
        process.stderr.close()
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (file.stat().st_size + 100,) * 2)
        assert ask(url) == ask(url) == ask(venue.url)
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 1
    assert bodies(file.read_text()) == []


def test_a_venue_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    with recording("http://127.0.0.1:9", str(file)) as (process, url):
        with pytest.raises(urllib.error.HTTPError) as told:
            ask(url)
        assert told.value.code == 502
        assert b"cannot be reached" in told.value.read()
        told.value.close()
        assert ended(process) == (0, "")
    assert "cannot be reached" in bodies(file.read_text())[1]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("", "Missing option '-o'"),
        ("-o none/x", "there is no folder none"),
        ("-o notes.txt", "cannot add to notes.txt: what is there is no recording; name another"),
        ("-o x --to ftp://x", "'ftp://x' is no address of a venue: name one as https://"),
        ("-o x --to http://[", "is no address of a venue"),
        ("-o x --to http://x?y", "is no address of a venue"),
        ("-o x --to api.hyperliquid.xyz", "is no address of a venue"),
        ("-o x --port 70000", "it must be a whole number from 0 to 65,535"),
    ],
)
def test_nonsense_is_refused(
    options: str, said: str, truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("buy milk")
    ran = truebook("record", *shlex.split(options))
    assert ran.returncode == 2
    assert said in " ".join(ran.stderr.split())
    assert not Path("x").exists()
    assert Path("notes.txt").read_text() == "buy milk"


def test_a_port_that_is_taken_or_its_own_is_said(
    truebook: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        ran = truebook("record", "-o", "x", "--port", port)
    assert (ran.returncode, "cannot listen on port" in ran.stderr) == (2, True)
    ran = truebook("record", "-o", "x", "--port", port, "--to", f"http://localhost:{port}/")
    assert (ran.returncode, "--to is this itself" in ran.stderr) == (2, True)
    assert not Path("x").exists()
