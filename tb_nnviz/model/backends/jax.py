"""JAX: functions are compiled with the values of the variables as arguments."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from tb_nnviz.model.backends.backend import Described, ScalarFunction, TensorFunction, TensorSpec
from tb_nnviz.model.backends.isolation import isolate

_JITTED = type(jax.jit(lambda: None))


class _Backend:
    def compile(
        self, function: TensorFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> _Compiled:
        return _Compiled(function, specs, variables)

    def compile_vjp(
        self, function: ScalarFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> _CompiledVjp:
        return _CompiledVjp(function, specs, variables)

    def is_reachable(self, tensor: Any, reference: Any) -> bool:
        if not isinstance(tensor, jax.core.Tracer):
            return True
        # The trace that is under way, and those around it: differentiation stands in a jit.
        trace = getattr(reference, "_trace", None)
        while trace is not None:
            if tensor._trace is trace:  # noqa: SLF001 - JAX says it nowhere else
                return True
            trace = getattr(trace, "parent_trace", None)
        return False

    def operands_of(self, tensor: Any) -> Sequence[Any] | None:
        if not isinstance(tensor, jax.core.Tracer):
            return ()
        if not hasattr(tensor, "parent"):  # early versions of JAX know it at the end only
            return None
        return tuple(getattr(tensor.parent, "in_tracers", ()))

    def call_plainly(self) -> AbstractContextManager[None]:
        return nullcontext()  # `jax.disable_jit` would unroll all loops too

    def plain_function(self, value: Any) -> Callable[..., Any] | None:
        return getattr(value, "__wrapped__", None) if isinstance(value, _JITTED) else None


class _Compiled:
    def __init__(
        self, function: TensorFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> None:
        def run(values: list[Any], inputs: list[Any]) -> list[Any]:
            with isolate(list(zip(variables, values, strict=True))):
                return [jax.numpy.asarray(output) for output in function(list(inputs))]

        self._variables = tuple(variables)
        self._specs = [_spec(spec) for spec in specs]
        self._run = jax.jit(run)
        # JAX keeps the trace, so that the first run does not trace again.
        outputs = self._run.eval_shape(_values(self._variables), self._specs)
        self.output_specs = tuple(TensorSpec(each.shape, str(each.dtype)) for each in outputs)

    def __call__(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [array.copy() for array in self.view(inputs)]

    def view(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        outputs = self._run(_values(self._variables), _arrays(inputs, self._specs))
        return [np.asarray(output) for output in outputs]


class _CompiledVjp:
    def __init__(
        self, function: ScalarFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> None:
        # It is compiled anew for each shape that it is called with.
        self._specs = [_dtype_spec(spec) for spec in specs]
        self._variables = tuple(variables)
        self._is_float = [
            jax.numpy.issubdtype(spec.dtype, jax.numpy.floating) for spec in self._specs
        ]
        is_float = self._is_float

        def run(values: list[Any], inputs: list[Any], cotangent: Any) -> tuple[Any, list[Any]]:
            others = [each for each, floats in zip(inputs, is_float, strict=True) if not floats]

            def of_floats(given: list[Any]) -> Any:
                floats, rest = iter(given), iter(others)
                joined = [next(floats) if is_one else next(rest) for is_one in is_float]
                with isolate(list(zip(variables, values, strict=True))):
                    return jax.numpy.asarray(function(joined))

            floats = [each for each, is_one in zip(inputs, is_float, strict=True) if is_one]
            output, pull_back = jax.vjp(of_floats, floats)
            (gradients,) = pull_back(cotangent.astype(output.dtype))
            return output, gradients

        self._run = jax.jit(run)

    def __call__(
        self, inputs: Sequence[NDArray[Any]], cotangent: NDArray[Any]
    ) -> tuple[NDArray[Any], list[NDArray[Any] | None]]:
        output, gradients = self._run(
            _values(self._variables),
            _arrays(inputs, self._specs),
            np.asarray(cotangent, np.float32),
        )
        found = iter(gradients)
        return np.array(output), [
            np.array(next(found)) if each else None for each in self._is_float
        ]


def _spec(spec: Described) -> Any:
    if any(length is None for length in spec.shape):
        raise ValueError(f"JAX compiles for fixed shapes only; got {tuple(spec.shape)}.")
    return jax.ShapeDtypeStruct(tuple(spec.shape), jax.dtypes.canonicalize_dtype(spec.dtype))


def _dtype_spec(spec: Described) -> Any:
    """Of a scalar: the dtype without a shape."""
    return jax.ShapeDtypeStruct((), jax.dtypes.canonicalize_dtype(spec.dtype))


def _values(variables: Sequence[Any]) -> list[Any]:
    return [variable.value for variable in variables]


def _arrays(inputs: Sequence[NDArray[Any]], specs: Sequence[Any]) -> list[Any]:
    return [
        np.asarray(array).astype(spec.dtype, copy=False)
        for array, spec in zip(inputs, specs, strict=True)
    ]


BACKEND = _Backend()
