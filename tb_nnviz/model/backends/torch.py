"""PyTorch: functions run eagerly, each time anew.

Gradients are asked for with respect to the inputs only: those that parameters hold stay as
training left them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import keras
import numpy as np
import torch
from numpy.typing import NDArray

from tb_nnviz.model.backends.backend import Described, ScalarFunction, TensorFunction, TensorSpec
from tb_nnviz.model.backends.isolation import isolate


class _Backend:
    def compile(
        self, function: TensorFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> _Compiled:
        return _Compiled(function, specs, variables)

    def compile_vjp(
        self, function: ScalarFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> _CompiledVjp:
        return _CompiledVjp(function, specs, variables)

    def is_reachable(self, tensor: Any, reference: Any) -> bool:  # noqa: ARG002
        # Loops are Python's own, but what is mapped over an axis exists within the map only.
        return not torch._C._functorch.is_functorch_wrapped_tensor(tensor)  # noqa: SLF001

    def operands_of(self, tensor: Any) -> None:  # noqa: ARG002 - nothing is traced
        return None

    def call_plainly(self) -> AbstractContextManager[None]:
        # Early versions of PyTorch cannot; it is slow to load where nothing has been compiled yet.
        set_stance = getattr(torch.compiler, "set_stance", None)
        if set_stance is None or "torch._dynamo" not in sys.modules:
            return nullcontext()
        stance: AbstractContextManager[None] = set_stance("force_eager")
        return stance

    def plain_function(self, value: Any) -> None:  # noqa: ARG002 - all are called plainly
        return None


class _Compiled:
    def __init__(
        self,
        function: TensorFunction,
        specs: Sequence[Described],
        variables: Sequence[Any],  # noqa: ARG002 - the function reads them itself
    ) -> None:
        self._function = function
        self._dtypes = [spec.dtype for spec in specs]
        # Shapes are known by running only; zeros are valid wherever any value of a type is.
        zeros = [np.zeros([length or 1 for length in spec.shape], np.float32) for spec in specs]
        self.output_specs = tuple(
            TensorSpec(tuple(tensor.shape), keras.backend.standardize_dtype(tensor.dtype))
            for tensor in self._run(zeros)
        )

    def __call__(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.array(array) for array in self.view(inputs)]

    def view(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [_as_array(tensor) for tensor in self._run(inputs)]

    def _run(self, inputs: Sequence[NDArray[Any]]) -> list[Any]:
        with _leave_random_state(), isolate(), BACKEND.call_plainly(), torch.no_grad():
            return list(self._function(_tensors(inputs, self._dtypes)))


class _CompiledVjp:
    def __init__(
        self,
        function: ScalarFunction,
        specs: Sequence[Described],
        variables: Sequence[Any],  # noqa: ARG002 - the function reads them itself
    ) -> None:
        self._function = function
        self._dtypes = [spec.dtype for spec in specs]

    def __call__(
        self, inputs: Sequence[NDArray[Any]], cotangent: NDArray[Any]
    ) -> tuple[NDArray[Any], list[NDArray[Any] | None]]:
        with _leave_random_state(), torch.enable_grad():
            tensors = [tensor.clone().detach() for tensor in _tensors(inputs, self._dtypes)]
            floats = [tensor.requires_grad_() for tensor in tensors if tensor.is_floating_point()]
            with isolate(), BACKEND.call_plainly():
                output = self._function(tensors)
            gradients: list[Any] = [None] * len(floats)
            if floats and output.requires_grad:
                seed = torch.as_tensor(np.asarray(cotangent, np.float32), device=output.device).to(
                    output.dtype
                )
                gradients = list(
                    torch.autograd.grad(output, floats, grad_outputs=seed, allow_unused=True)
                )
        found = iter(gradients)
        by_input = [next(found) if each.is_floating_point() else None for each in tensors]
        arrays = [None if each is None else np.array(_as_array(each)) for each in by_input]
        return np.array(_as_array(output)), arrays


@contextmanager
def _leave_random_state() -> Iterator[None]:
    with torch.random.fork_rng():
        yield


def _tensors(arrays: Sequence[NDArray[Any]], dtypes: Sequence[str]) -> list[Any]:
    return [
        keras.ops.convert_to_tensor(array, dtype=dtype)
        for array, dtype in zip(arrays, dtypes, strict=True)
    ]


def _as_array(tensor: Any) -> NDArray[Any]:
    array: NDArray[Any] = keras.ops.convert_to_numpy(tensor)
    return array


BACKEND = _Backend()
