"""docs/ci.md: its jobs are YAML, and their steps run in a fresh folder with an adapter in it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "ci.md").read_text("utf-8")
JOBS: dict[str, Any] = {}
for _block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL):
    JOBS |= yaml.safe_load(_block)["jobs"]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    env["PYTEST_ADDOPTS"] = "-k duplicate"  # a few: the job of conform runs them all
    env["GITHUB_STEP_SUMMARY"] = str(folder / "step-summary")
    return subprocess.run(
        ["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "examples" / "adapters" / "skeleton.py", tmp_path / "adapter.py")
    return tmp_path


def commands(job: str) -> list[str]:
    return [step["run"] for step in JOBS[job]["steps"] if "run" in step]


def test_there_is_a_job_for_each() -> None:
    assert list(JOBS) == ["conform", "pytest", "check"]
    for job in JOBS.values():
        assert job["runs-on"] == "ubuntu-latest"
        assert all(("run" in step) != ("uses" in step) for step in job["steps"])


@pytest.mark.parametrize("job", JOBS)
def test_a_job_installs_the_extra_that_it_needs(job: str) -> None:
    (install,) = [command for command in commands(job) if command.startswith("pip install")]
    extras = re.findall(r"\.truebook\[(\w+)\]", install)
    assert extras == ["check" if job == "check" else "conform"]
    assert f"\n{extras[0]} = [\n" in (ROOT / "pyproject.toml").read_text()


@pytest.mark.parametrize("job", JOBS)
def test_the_steps_of_a_job_run(job: str, folder: Path) -> None:
    ran = [command for command in commands(job) if not command.startswith("pip install")]
    for command in ran:
        done = run(command, folder)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    assert ran
    if job == "conform":
        assert "<testsuite" in (folder / "conform.xml").read_text()
        assert (folder / "step-summary").read_text() == (folder / "conform.md").read_text() != ""


def test_an_adapter_that_is_wrong_fails_its_jobs(folder: Path) -> None:
    adapter = folder / "adapter.py"
    right = "if (time, tid, oid) not in self.fills:"
    assert right in adapter.read_text()
    adapter.write_text(adapter.read_text().replace(right, "if True:"))
    (conform,) = [command for command in commands("conform") if "conform --" in command]
    assert run(conform, folder).returncode == 1
    assert "duplicate-tid" in (folder / "conform.xml").read_text()
