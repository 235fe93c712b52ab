"""What a wheel holds, and that a failing build of the bundle says what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", ".browsers", "node_modules", "build", "*.egg-info", "__pycache__", ".*_cache"
)


def copy_of_checkout(directory: Path) -> Path:
    return Path(shutil.copytree(ROOT, directory / "checkout", ignore=NOT_COPIED))


def build_wheel(
    checkout: Path, directory: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    return subprocess.run(
        [*command, "--wheel-dir", str(directory), "-v", str(checkout)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )


def test_a_wheel_holds_the_bundle_the_data_and_the_entry_points(tmp_path: Path) -> None:
    completed = build_wheel(copy_of_checkout(tmp_path), tmp_path)
    assert completed.returncode == 0, completed.stdout + completed.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        metadata = next(name for name in names if name.endswith("/METADATA"))
        entry_points = archive.read(metadata.replace("METADATA", "entry_points.txt")).decode()
        assert "License-Expression: Apache-2.0" in archive.read(metadata).decode()
    assert {
        "tb_nnviz/data/mnist_5k.LICENSE.md",
        "tb_nnviz/data/mnist_5k.npz",
        "tb_nnviz/plugin/http_api.md",
        "tb_nnviz/plugin/static/chunks/export_module.js",
        "tb_nnviz/plugin/static/chunks/graph_module.js",
        "tb_nnviz/plugin/static/colour_tables.json",
        "tb_nnviz/plugin/static/index.js",
        "tb_nnviz/plugin/static/screen.js",
        "tb_nnviz/plugin/static/offline.js",
        "tb_nnviz/py.typed",
        "tb_nnviz/records/record_schema.json",
    } <= names
    assert not [name for name in names if name.startswith(("tests", "plugin_frontend", "docs"))]
    assert "nnviz = tb_nnviz.plugin_loader:NNVizLoader" in entry_points
    assert "tb-nnviz = tb_nnviz.cli:main" in entry_points


def test_a_bundle_that_cannot_be_built_fails_the_build_and_says_why(tmp_path: Path) -> None:
    checkout = copy_of_checkout(tmp_path)
    shutil.rmtree(checkout / "tb_nnviz" / "plugin" / "static")
    (checkout / "plugin_frontend" / "package-lock.json").write_text("not a lock file")
    # No network is asked: the lock file is refused before anything is fetched.
    completed = build_wheel(checkout, tmp_path, npm_config_offline="true")
    assert completed.returncode != 0
    assert "Building the frontend bundle failed: `npm ci" in completed.stdout + completed.stderr


def test_the_versions_of_package_and_distribution_are_one() -> None:
    from importlib.metadata import version

    import tb_nnviz

    assert tb_nnviz.__version__ == version("tb-nnviz")
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        tb_nnviz.nothing  # noqa: B018
