"""Folders that a command makes beside the user's files, and what becomes of them."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def seen_by_git(path: Path) -> bool:
    """Tell whether git would offer a file or folder for a commit; not where there is no git."""
    try:
        ran = subprocess.run(
            ["git", "check-ignore", "--quiet", "--", path.resolve()],
            cwd=path.parent,
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return ran.returncode == 1  # 0: it is ignored; 128: there is no checkout here


@contextmanager
def keeps_cache(folder: Path | None) -> Iterator[None]:
    """Let Hypothesis keep its cache in a folder; None: where it does by itself."""
    if folder is None:
        yield
        return
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(folder)
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)
