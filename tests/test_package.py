"""The wheel is one package from three source roots, whichever way it is built."""

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
ROOTS = ("model", "impl", "specs")


def build(target: str, source: Path, into: Path) -> Path:
    """Build a wheel or an sdist without isolation, so without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", target]
    subprocess.run([*command, "--directory", into], cwd=source, check=True, capture_output=True)
    (built,) = into.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return built


def contents(wheel: Path) -> set[str]:
    """Name the files of a wheel, less what describes it."""
    with zipfile.ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", HOUSE, tmp_path_factory.mktemp("wheel"))


def test_the_wheel_holds_every_source_file_and_nothing_else(wheel: Path) -> None:
    sources = {
        path.relative_to(HOUSE / root).as_posix()
        for root in ROOTS
        for path in (HOUSE / root).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert contents(wheel) == sources
    assert "truebook/cli.py" in sources


def test_every_package_is_typed_and_the_namespace_is_open(wheel: Path) -> None:
    names = contents(wheel)
    packages = {name.split("/")[1] for name in names if name.count("/") > 1}
    assert {"model", "impl", "specs"} <= packages
    for package in packages:
        assert f"truebook/{package}/__init__.py" in names
        assert f"truebook/{package}/py.typed" in names
    assert "truebook/__init__.py" not in names


def test_the_sdist_builds_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build("sdist", HOUSE, tmp_path)
    subprocess.run(["tar", "-xzf", sdist.name], cwd=tmp_path, check=True)
    source = tmp_path / sdist.name.removesuffix(".tar.gz")
    assert contents(build("wheel", source, tmp_path / "wheel")) == contents(wheel)


def test_the_wheel_imports_by_itself(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    program = (
        "import sys; sys.path[:0] = sys.argv[1:];"
        "import truebook.cli as c, truebook.impl as i, truebook.model as m, truebook.specs as s;"
        "print(*(module.__file__ for module in (c, i, m, s)), sep='\\n')"
    )
    # -S leaves out the editable install's source roots; the dependencies are added by hand.
    command = [sys.executable, "-S", "-c", program, str(tmp_path), sysconfig.get_path("purelib")]
    result = subprocess.run(command, check=True, capture_output=True, text=True)
    places = result.stdout.splitlines()
    assert len(places) == 4
    assert all(Path(place).is_relative_to(tmp_path) for place in places)
