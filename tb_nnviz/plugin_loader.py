"""The entry point TensorBoard imports to find the plugin.

TensorBoard imports it without a guard: whatever fails here stops TensorBoard for
everybody. So this module imports nothing but TensorBoard's base classes, and never raises.
"""

from __future__ import annotations

from typing import Any

from tensorboard.plugins import base_plugin


class NNVizLoader(base_plugin.TBLoader):
    """Makes the plugin, and has TensorBoard keep every step of its data."""

    def fix_flags(self, flags: Any) -> None:
        """Keeps every step unless the user has set a number.

        By default TensorBoard keeps ten steps of a tag and drops the others at random, the
        one before training among them.
        """
        samples = getattr(flags, "samples_per_plugin", None)
        if isinstance(samples, dict):
            samples.setdefault("nnviz", 0)

    def load(self, context: Any) -> Any:
        """The plugin; TensorBoard reports what is raised here and goes on without it."""
        from tb_nnviz.plugin.nnviz_plugin import NNVizPlugin  # noqa: PLC0415 - see above

        return NNVizPlugin(context)
