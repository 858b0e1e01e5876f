"""What pytest shows of a book that does not conform: what is wrong, and nothing of the oracle."""

import sys

import pytest

from truebook.oracle import assert_conforms
from truebook.oracle.protocol.messages import SHOWS
from truebook.oracle.serve import Session

pytest_plugins = ["pytester"]

SLUG = "plan-no-fill-twice"
SAID = "critical: position-is-unique-fills: a fill is missing in the position, after fill"

ADAPTER = """
from truebook.oracle.serve import serve

class Adapter:
    features, shows = ["core"], ["position"]
    def __init__(self, config): self.position = 0
    def step(self, event, at): {step}
    def state(self): return {{"position": self.position}}

if __name__ == "__main__":
    serve(Adapter, name="mine")
"""
TEST = """
import pytest
from adapter import Adapter
from truebook.oracle import assert_conforms
from truebook.oracle.serve import Session

@pytest.fixture
def truebook_subject():
    return {subject}

{mark}
def test_vector(truebook_vector):
    {body}

def test_all():
    assert_conforms(Adapter)
"""


@pytest.fixture
def place(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    return pytester


def written(
    place: pytest.Pytester,
    *,
    subject: str = "Session(Adapter)",
    step: str = "pass",
    body: str = "pass",
    mark: str = "",
) -> None:
    """Write an adapter that counts nothing, and the tests of its author."""
    place.makepyfile(
        adapter=ADAPTER.format(step=step),
        test_book=TEST.format(subject=subject, body=body, mark=mark),
    )


def ran(place: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    plugin = ("-q", "-p", "truebook.oracle.plugin", "-p", "no:cacheprovider")
    return place.runpytest_subprocess(*plugin, *arguments)


def within(result: pytest.RunResult) -> str:
    """Return what was shown, in which nothing may be of the oracle's own code."""
    shown = result.stdout.str()
    for inner in ("plugin.py", "holding.py", "client.py", "Traceback", "INTERNALERROR"):
        assert inner not in shown
    return shown


def test_a_vector_that_fails_fails_its_test_and_not_the_fixture(place: pytest.Pytester) -> None:
    written(place, body="raise RuntimeError('it is not come to')")
    result = ran(place, "-k", f"{SLUG} or modify-failed")
    result.assert_outcomes(failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            f"*_ test_vector[[]{SLUG}] _*",
            SAID,
            f"  {SLUG}: *",
            "  position  *",
            "  name: position-is-unique-fills/position/missing/fill",
            "=* short test summary info =*",
            f"FAILED test_book.py::test_vector[[]{SLUG}] - *critical: *",
        ],
        consecutive=False,
    )
    shown = within(result)
    assert ".py:" not in shown.split("short test summary")[0]
    assert "it is not come to" not in shown


def test_a_vector_that_passes_runs_the_test(place: pytest.Pytester) -> None:
    written(place, body="raise RuntimeError('it is come to')")
    result = ran(place, "-k", "oid-zero")
    result.assert_outcomes(failed=1)
    assert "it is come to" in within(result)


def test_a_vector_may_be_expected_to_fail(place: pytest.Pytester) -> None:
    written(place, mark="@pytest.mark.xfail(strict=True)")
    ran(place, "-k", SLUG).assert_outcomes(xfailed=1)


def test_a_book_that_raises_is_a_failure_with_its_own_lines(place: pytest.Pytester) -> None:
    written(place, step="raise KeyError('mine')")
    result = ran(place, "-k", "duplicate-tid")
    result.assert_outcomes(failed=1)
    shown = result.stdout.str()
    assert "its own code raised: KeyError: 'mine'" in shown
    assert "adapter.py" in shown


def test_a_subject_that_is_none_is_said_to_be(place: pytest.Pytester) -> None:
    written(place, subject="Adapter")
    result = ran(place, "-k", "duplicate-tid")
    result.assert_outcomes(errors=1)
    must = "the fixture truebook_subject must return a truebook.oracle.serve.Session, not <class "
    assert must in within(result)


def test_in_one_call_the_line_of_the_test_is_shown_alone(place: pytest.Pytester) -> None:
    written(place)
    result = ran(place, "-k", "test_all")
    result.assert_outcomes(failed=1)
    shown = within(result)
    assert ">       assert_conforms(Adapter)\nE       AssertionError: " in shown
    assert SAID in shown
    assert shown.count(".py:") == 2  # the line of the test, and the summary


def test_an_adapter_that_hangs_is_told_the_option_of_pytest(place: pytest.Pytester) -> None:
    subject = f"--truebook-subject={sys.executable} -c 'import time; time.sleep(60)'"
    result = ran(place, subject, "--truebook-timeout=0.2", "-k", "oid-zero")
    result.stdout.fnmatch_lines(["*needs a longer --truebook-timeout*"])


def test_an_adapter_can_be_collected(place: pytest.Pytester) -> None:
    written(place)
    subject = f"--truebook-subject={sys.executable} adapter.py"
    result = ran(place, "adapter.py", subject, "-k", "oid-zero")
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--truebook-subject=", "--truebook-subject='' names no program"),
        ("--truebook-subject= ", "--truebook-subject=' ' names no program"),
        ("--truebook-subject='", "cannot be read: No closing quotation"),
        ("--truebook-subject=no-such-program x", "there is no program 'no-such-program'"),
        ("--truebook-timeout=0", "above 0 to 86,400 (seconds), not 0"),
        ("--truebook-timeout=-1", "above 0 to 86,400 (seconds), not -1"),
        ("--truebook-timeout=nan", "above 0 to 86,400 (seconds), not nan"),
        ("--truebook-timeout=inf", "above 0 to 86,400 (seconds), not inf"),
    ],
)
def test_wrong_options_are_one_line(option: str, said: str, place: pytest.Pytester) -> None:
    result = ran(place, option)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    (line,) = filter(None, result.errlines)
    assert line.startswith("ERROR: ")
    assert said in line
    assert result.outlines == []


class Book:
    features, shows = ["core", "cancel"], ["position"]


class Silent:
    pass


def test_a_class_of_books_says_what_it_claims() -> None:
    said = Session(Book)  # type: ignore[arg-type]
    assert (said.features, said.shows) == (("core", "cancel"), ("position",))
    told = Session(Book, features=["core"], shows=("open",))  # type: ignore[arg-type]
    assert (told.features, told.shows) == (("core",), ("open",))
    silent = Session(Silent)  # type: ignore[arg-type]
    assert (silent.features, silent.shows) == (("core",), SHOWS)


@pytest.mark.parametrize("shows", ["position", 7, [7], lambda self: ["position"]])
def test_what_is_no_list_of_words_is_refused(shows: object) -> None:
    class Odd:
        pass

    Odd.shows = shows  # type: ignore[attr-defined]
    with pytest.raises(TypeError, match=r"shows of .*Odd.* must be a list of words"):
        assert_conforms(Odd)  # type: ignore[arg-type]
    assert Session(Odd, shows=["open"]).shows == ("open",)  # type: ignore[arg-type]
