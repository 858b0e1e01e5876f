"""The first hello finds out which protocol a subject speaks; one of protocol 1 is served in it."""

import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from truebook.oracle.driver import Client, Direct, Fault, program
from truebook.oracle.driver.client import Kind
from truebook.oracle.judge import smoke
from truebook.oracle.judge.results import Kind as Came
from truebook.oracle.protocol import BEFORE, VERSION
from truebook.oracle.serve import Session

SUBJECT = """
import json, os, sys, time

hellos = open({log!r}, "a")

def about(version, **more):
    features, shows = ["core"], ["position"]
    said = {{"type": "about", "protocol": version, "name": "x", "features": features}}
    return {{**said, "shows": shows, **more}}

def hello(message):
{hello}

for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "hello":
        print(message["protocol"], file=hellos, flush=True)
        answer = hello(message["protocol"])
    else:
        answer = {{"type": "state", "seq": message["seq"], "position": "0"}}
    print(json.dumps(answer), flush=True)
"""

TAKES_ONE = """
if message != "1":
    {refuses}
return about("1")
"""
REFUSALS = {
    "dies": "sys.exit('unknown protocol')",
    "raises": "raise ValueError(message)",
    "says that it is unsupported": 'return {"type": "unsupported", "reason": "no"}',
    "answers with an error": 'return {"type": "error", "context": "Trace\\nValueError: 2"}',
    "answers with another word": 'return {"type": "sorry"}',
    "answers with a line that is no JSON": 'print("what?", flush=True)',
}


@pytest.fixture
def subject(tmp_path: Path) -> Iterator["Subject"]:
    made = Subject(tmp_path)
    yield made
    made.close()


class Subject:
    """A program that answers hello as it is told to, and writes down each hello."""

    def __init__(self, place: Path) -> None:
        self.path, self.log = place / "subject.py", place / "hellos"
        self.clients: list[Client] = []

    def of(self, hello: str, timeout: float = 10) -> Client:
        body = textwrap.indent(textwrap.dedent(hello), "    ")
        self.path.write_text(SUBJECT.format(log=str(self.log), hello=body))
        client = Client(program([sys.executable, str(self.path)], timeout=timeout))
        self.clients.append(client)
        return client

    @property
    def hellos(self) -> list[str]:
        return self.log.read_text().split()

    def close(self) -> None:
        for client in self.clients:
            client.close()


def test_a_subject_of_the_newest_protocol_is_greeted_once(subject: Subject) -> None:
    client = subject.of("return about(message)")
    assert client.about.protocol == VERSION
    assert smoke(client).kind is Came.PASS
    assert subject.hellos == [VERSION]


def test_one_that_answers_with_its_own_protocol_is_greeted_once(subject: Subject) -> None:
    client = subject.of("return about('1')")
    assert client.about.protocol == BEFORE
    assert smoke(client).kind is Came.PASS
    assert subject.hellos == [VERSION]


@pytest.mark.parametrize("how", REFUSALS)
def test_one_that_does_not_take_the_newest_is_asked_again_in_its_own(
    subject: Subject, how: str
) -> None:
    client = subject.of(TAKES_ONE.format(refuses=REFUSALS[how]))
    assert client.about.protocol == BEFORE
    assert smoke(client).kind is Came.PASS
    assert subject.hellos == [VERSION, BEFORE]


def test_one_that_broke_later_is_greeted_in_the_protocol_that_is_known(subject: Subject) -> None:
    client = subject.of(TAKES_ONE.format(refuses=REFUSALS["dies"]))
    assert client.about.protocol == BEFORE
    client.close()
    assert client.about.protocol == BEFORE
    assert subject.hellos == [VERSION, BEFORE, BEFORE]


def test_what_went_wrong_first_is_told_where_no_hello_is_taken(subject: Subject) -> None:
    client = subject.of("sys.exit(f'no hello of {message} is for me')")
    with pytest.raises(Fault) as caught:
        assert client.about
    assert caught.value.kind is Kind.CRASH
    assert caught.value.hint == f"no hello of {VERSION} is for me"
    assert subject.hellos == [VERSION, BEFORE]


def test_one_that_hangs_is_not_asked_again(subject: Subject) -> None:
    client = subject.of("time.sleep(60)", timeout=1)
    with pytest.raises(Fault) as caught:
        assert client.about
    assert caught.value.kind is Kind.HANG
    assert subject.hellos == [VERSION]


@pytest.mark.parametrize(
    ("hello", "what"),
    [
        ("return about(message, shows=['all'])", "shows[0] is 'all'"),
        ("return about('1', cannot=['status'])", "cannot is not one of type, protocol"),
        ("return about(message, cannot=['dance'])", "cannot[0] is 'dance', and must be one of"),
        ("return about('3')", "protocol is '3', and must be '2'"),
        ("return about(2)", "protocol is 2, and must be '2'"),
        ("if message == '2': sys.exit()\nreturn about('2')", "protocol is '2', and must be '1'"),
    ],
)
def test_an_about_that_is_wrong_is_what_is_wrong(subject: Subject, hello: str, what: str) -> None:
    with pytest.raises(Fault) as caught:
        assert subject.of(hello).about
    assert caught.value.kind is Kind.PROTOCOL
    assert what in caught.value.what


class Book:
    """Takes everything, and shows nothing but a position."""

    features, shows = ("core",), ("position",)

    def __init__(self, config: Any) -> None:
        pass

    def step(self, event: Any, at: int) -> None:
        return None

    def state(self) -> dict[str, Any]:
        return {"position": 0}


@pytest.mark.parametrize("spoken", [VERSION, BEFORE])
def test_serve_answers_in_the_protocol_of_the_hello(spoken: str) -> None:
    session = Session(Book, cannot=["status"])
    about = session.answer({"type": "hello", "protocol": spoken, "spec": "0"})
    assert about["protocol"] == spoken
    assert about.get("cannot") == (["status"] if spoken == VERSION else None)


def test_a_book_of_protocol_1_says_so() -> None:
    class Old(Book):
        protocol = BEFORE

    assert Client(lambda: Direct(Session(Old))).about.protocol == BEFORE
    assert Client(lambda: Direct(Session(Book, protocol=BEFORE))).about.protocol == BEFORE
    with pytest.raises(ValueError, match="'protocol' must be in"):
        Session(Book, protocol="0")
    with pytest.raises(ValueError, match="'cannot' is said in protocol 2, and not in 1"):
        Session(Old, cannot=["status"])
