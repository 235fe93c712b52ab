"""What ``make`` does on a fresh machine and afterwards; pip, npm and the demo are stand-ins."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATIC = Path("tb_nnviz/plugin/static")
# In the order in which the steps of a build write them.
FILES = [STATIC / name for name in ("screen.js", "index.js", "offline.js")]
NODE_MODULES = Path("plugin_frontend/node_modules/.package-lock.json")
INSTALL = "pip install --editable .[dev]"
BUILD = ["npm ci", "npm run build"]

# `python -m venv` puts the other commands in place; `pip install --editable` makes the bundle, as
# the build hook in setup.py does. Each command notes that it was called; where there is a file
# `broken_build`, a build fails in its last step.
STAND_IN = f"""#!{sys.executable}
import pathlib, shutil, sys
name, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]
FILES = {list(map(str, FILES))}

def touch(name):
    pathlib.Path(name).parent.mkdir(parents=True, exist_ok=True)
    pathlib.Path(name).touch()

def note(text):
    with open("calls", "a") as calls:
        calls.write(text + "\\n")

if arguments[:2] == ["-m", "venv"]:
    for command in ("python", "npm", "tb-nnviz"):
        pathlib.Path(".venv/bin").mkdir(parents=True, exist_ok=True)
        shutil.copy(sys.argv[0], f".venv/bin/{{command}}")
elif arguments[:4] == ["-m", "pip", "install", "--editable"]:
    note(" ".join(arguments[1:]))
    if not all(pathlib.Path(file).exists() for file in FILES):
        touch("{NODE_MODULES}")
        for file in FILES:
            touch(file)
elif name == "npm":
    commands = [word for word in arguments if word in ("ci", "run", "build", "test")]
    note("npm " + " ".join(commands))
    if "ci" in commands:
        touch("{NODE_MODULES}")
    if "build" in commands:
        fails = pathlib.Path("broken_build").exists()
        for file in FILES[:-1] if fails else FILES:
            touch(file)
        sys.exit(int(fails))
elif name == "tb-nnviz":
    note("tb-nnviz " + " ".join(arguments))
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone without environment, bundle and Node packages, as ``git clone`` leaves it."""
    for name in ("Makefile", "pyproject.toml", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    frontend = tmp_path / "plugin_frontend"
    for name in ("src", "scripts"):
        shutil.copytree(ROOT / "plugin_frontend" / name, frontend / name)
    for name in (
        *("package.json", "package-lock.json", "tsconfig.json"),
        *("vite.config.ts", "vite.entry.config.ts", "vite.offline.config.ts"),
    ):
        shutil.copy(ROOT / "plugin_frontend" / name, frontend)
    now = time.time()
    for path in tmp_path.rglob("*"):
        os.utime(path, (now - 60, now - 60))
    python = tmp_path / "stand_in" / "python"
    python.parent.mkdir()
    python.write_text(STAND_IN, encoding="utf-8")
    python.chmod(0o755)
    return tmp_path


def make(clone: Path, *arguments: str, code: int = 0) -> list[str]:
    """Which commands ``make`` calls, which ends with an exit code."""
    calls = clone / "calls"
    calls.unlink(missing_ok=True)
    # The tests themselves are run by a make, whose flags are not meant for this one.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    completed = subprocess.run(
        ["make", "PYTHON=stand_in/python", *arguments],  # noqa: S607 - whichever make there is
        cwd=clone,
        env=environment,
        check=False,
        capture_output=True,
    )
    assert completed.returncode == code, completed.stderr
    return calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


def set_age(path: Path, seconds: float) -> None:
    changed = time.time() - seconds
    os.utime(path, (changed, changed))


@pytest.mark.parametrize("flags", [(), ("-j4",)])
def test_on_a_fresh_machine_make_demo_builds_the_bundle_once(
    clone: Path, flags: tuple[str, ...]
) -> None:
    assert make(clone, "demo", *flags) == [INSTALL, "tb-nnviz demo"]
    assert make(clone, "demo", *flags) == ["tb-nnviz demo"]


def test_on_a_fresh_machine_make_test_installs_node_packages_once(clone: Path) -> None:
    assert make(clone, "test") == [INSTALL, "npm test"]


def test_a_changed_source_of_the_frontend_makes_the_bundle_anew(clone: Path) -> None:
    make(clone, "build")
    for file in (*FILES, NODE_MODULES):
        set_age(clone / file, 30)
    assert make(clone, "build") == []
    set_age(next((clone / "plugin_frontend" / "src").glob("*.ts")), 10)
    assert make(clone, "build") == ["npm run build"]
    set_age(clone / "plugin_frontend" / "package-lock.json", 0)
    assert make(clone, "build") == BUILD


def test_another_install_makes_no_other_bundle(clone: Path) -> None:
    make(clone, "build")
    for path in (*FILES, NODE_MODULES, Path(".venv/.installed")):
        set_age(clone / path, 30)
    set_age(clone / "pyproject.toml", 10)
    assert make(clone, "build") == [INSTALL]


@pytest.mark.parametrize("name", ["package.json", "vite.entry.config.ts"])
def test_other_steps_of_the_build_make_the_bundle_anew(clone: Path, name: str) -> None:
    make(clone, "build")
    for file in FILES:
        set_age(clone / file, 30)
    set_age(clone / "plugin_frontend" / name, 10)
    assert make(clone, "build") == ["npm run build"]


def test_a_build_that_failed_in_its_last_step_is_made_again(clone: Path) -> None:
    make(clone, "build")
    for file in FILES:
        set_age(clone / file, 30)
    set_age(next((clone / "plugin_frontend" / "src").glob("*.ts")), 10)
    (clone / "broken_build").touch()
    assert make(clone, "build", code=2) == ["npm run build"]
    (clone / "broken_build").unlink()
    assert make(clone, "build") == ["npm run build"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_bundle_of_which_a_file_was_deleted_is_made_anew(clone: Path, file: Path) -> None:
    make(clone, "build")
    (clone / file).unlink()
    shutil.rmtree((clone / NODE_MODULES).parent)
    assert make(clone, "build") == BUILD
