"""TensorFlow: functions become graphs, which refer to the variables themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from tb_nnviz.model.backends.assigned_variables import AssignedVariables
from tb_nnviz.model.backends.backend import Described, ScalarFunction, TensorFunction, TensorSpec
from tb_nnviz.model.backends.inlined_functions import inline_functions
from tb_nnviz.model.backends.isolation import isolate

_FOR_ONE_ELEMENT = re.compile(r"(?:^|/)loop_body(?:_\d+)?(?=/)")
_FOR_ALL_ELEMENTS = re.compile(r"/pfor(?:_\d+)?(?=/|:|$)")


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
        graph = getattr(tensor, "graph", None)
        if graph is None:
            return True
        return graph is reference.graph and not _is_of_one_element(tensor)

    def operands_of(self, tensor: Any) -> Sequence[Any]:
        operands: Sequence[Any] = getattr(getattr(tensor, "op", None), "inputs", ())
        return operands

    def call_plainly(self) -> AbstractContextManager[None]:
        return inline_functions()

    def plain_function(self, value: Any) -> None:  # noqa: ARG002 - all are called plainly
        return None


class _Compiled:
    def __init__(
        self, function: TensorFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> None:
        def run(*inputs: Any) -> list[Any]:
            with isolate(), inline_functions():
                return [tf.convert_to_tensor(output) for output in function(list(inputs))]

        self._dtypes = [spec.dtype for spec in specs]
        self._variables = tuple(variables)  # a graph does not keep the variables it reads alive
        self._graph = _trace(run, [_spec(spec.shape, spec.dtype) for spec in specs])
        self._assigned = AssignedVariables(self._graph.graph)
        self.output_specs = tuple(
            TensorSpec(_known_shape(tensor.shape), tensor.dtype.name)
            for tensor in self._graph.outputs
        )

    def __call__(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [tensor.numpy() for tensor in self._run(inputs)]

    def view(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        return [np.asarray(tensor) for tensor in self._run(inputs)]

    def _run(self, inputs: Sequence[NDArray[Any]]) -> list[Any]:
        with self._assigned.put_back():
            outputs: list[Any] = self._graph(*_tensors(inputs, self._dtypes))
        return outputs


class _CompiledVjp:
    def __init__(
        self, function: ScalarFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> None:
        has_gradient: list[bool] = []

        def run(cotangent: Any, *inputs: Any) -> tuple[Any, list[Any]]:
            floats = [tensor for tensor in inputs if tensor.dtype.is_floating]
            # The model's variables are not watched: only the inputs are.
            with (
                isolate(),
                inline_functions(),
                tf.GradientTape(watch_accessed_variables=False) as tape,
            ):
                tape.watch(floats)
                output = tf.convert_to_tensor(function(list(inputs)))
            cotangent = tf.cast(cotangent, output.dtype)
            cotangent.set_shape(output.shape)
            found = iter(tape.gradient(output, floats, output_gradients=cotangent))
            gradients = [next(found) if each.dtype.is_floating else None for each in inputs]
            has_gradient[:] = [gradient is not None for gradient in gradients]
            return output, [tf.convert_to_tensor(each) for each in gradients if each is not None]

        self._dtypes = [spec.dtype for spec in specs]
        self._variables = tuple(variables)
        self._has_gradient = has_gradient
        # The shape of the output, which is the cotangent's, is known only within the trace.
        cotangent = tf.TensorSpec(None, tf.float32)
        signature = [cotangent, *(_spec(spec.shape, spec.dtype) for spec in specs)]
        self._graph = _trace(run, signature)
        self._assigned = AssignedVariables(self._graph.graph)

    def __call__(
        self, inputs: Sequence[NDArray[Any]], cotangent: NDArray[Any]
    ) -> tuple[NDArray[Any], list[NDArray[Any] | None]]:
        given = tf.convert_to_tensor(np.asarray(cotangent, np.float32))
        with self._assigned.put_back():
            output, gradients = self._graph(given, *_tensors(inputs, self._dtypes))
        found = iter(gradients)
        return output.numpy(), [next(found).numpy() if has else None for has in self._has_gradient]


def _is_of_one_element(tensor: Any) -> bool:
    """Whether a tensor stands in the function of a `tf.vectorized_map`.

    That writes the function into the graph once, for one element, and then makes operations on
    all elements of it; only the scopes in the names tell which is which.
    """
    num_maps = len(_FOR_ONE_ELEMENT.findall(tensor.name))
    return num_maps > len(_FOR_ALL_ELEMENTS.findall(tensor.name))


def _trace(function: Any, signature: Sequence[Any]) -> Any:
    # As Keras does with its own train function: no Python statement is rewritten.
    unconverted = tf.autograph.experimental.do_not_convert(function)
    return tf.function(unconverted).get_concrete_function(*signature)


def _spec(shape: Sequence[int | None], dtype: str) -> Any:
    return tf.TensorSpec(list(shape), tf.dtypes.as_dtype(dtype))


def _tensors(arrays: Sequence[NDArray[Any]], dtypes: Sequence[str]) -> list[Any]:
    return [tf.convert_to_tensor(array, dtype) for array, dtype in zip(arrays, dtypes, strict=True)]


def _known_shape(shape: Any) -> tuple[int | None, ...]:
    if shape.rank is None:
        raise ValueError("An output has an unknown number of axes.")
    return tuple(shape)


BACKEND = _Backend()
