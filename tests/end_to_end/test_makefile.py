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
BUNDLE = Path("tb_nnviz/plugin/static/index.js")
NODE_MODULES = Path("plugin_frontend/node_modules/.package-lock.json")
INSTALL = "pip install --editable .[dev]"
BUILD = ["npm ci", "npm run build"]

# `python -m venv` puts the other commands in place; `pip install --editable` makes the bundle, as
# the build hook in setup.py does. Each command notes that it was called.
STAND_IN = f"""#!{sys.executable}
import pathlib, shutil, sys
name, arguments = pathlib.Path(sys.argv[0]).name, sys.argv[1:]

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
    if not pathlib.Path("{BUNDLE}").exists():
        touch("{NODE_MODULES}")
        touch("{BUNDLE}")
elif name == "npm":
    commands = [word for word in arguments if word in ("ci", "run", "build", "test")]
    note("npm " + " ".join(commands))
    touch("{BUNDLE}" if "build" in commands else "{NODE_MODULES}")
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
        *("package-lock.json", "vite.config.ts", "vite.offline.config.ts", "tsconfig.json"),
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


def make(clone: Path, *arguments: str) -> list[str]:
    """Which commands ``make`` calls."""
    calls = clone / "calls"
    calls.unlink(missing_ok=True)
    # The tests themselves are run by a make, whose flags are not meant for this one.
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    subprocess.run(
        ["make", "PYTHON=stand_in/python", *arguments],  # noqa: S607 - whichever make there is
        cwd=clone,
        env=environment,
        check=True,
        capture_output=True,
    )
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
    set_age(clone / BUNDLE, 30)
    set_age(clone / NODE_MODULES, 30)
    assert make(clone, "build") == []
    set_age(next((clone / "plugin_frontend" / "src").glob("*.ts")), 10)
    assert make(clone, "build") == ["npm run build"]
    set_age(clone / "plugin_frontend" / "package-lock.json", 0)
    assert make(clone, "build") == BUILD


def test_another_install_makes_no_other_bundle(clone: Path) -> None:
    make(clone, "build")
    for path in (BUNDLE, NODE_MODULES, Path(".venv/.installed")):
        set_age(clone / path, 30)
    set_age(clone / "pyproject.toml", 10)
    assert make(clone, "build") == [INSTALL]


def test_a_bundle_that_was_deleted_is_made_anew(clone: Path) -> None:
    make(clone, "build")
    (clone / BUNDLE).unlink()
    shutil.rmtree((clone / NODE_MODULES).parent)
    assert make(clone, "build") == BUILD
