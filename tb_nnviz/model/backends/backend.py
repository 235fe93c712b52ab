"""What a backend does for us. Knows no framework, and no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from numpy.typing import NDArray

# Takes tensors of the backend, and gives some.
TensorFunction = Callable[[list[Any]], Sequence[Any]]
ScalarFunction = Callable[[list[Any]], Any]


@dataclass(frozen=True)
class TensorSpec:
    """Shape and type of a tensor.

    Attributes:
        shape: None for the length of an axis that is not known.
        dtype: name of the dtype, such as ``float32``; ``string`` for text.
    """

    shape: tuple[int | None, ...]
    dtype: str


class Described(Protocol):
    """Anything with a shape and a dtype, such as a `TensorSpec` or a `keras.KerasTensor`."""

    @property
    def shape(self) -> Any:
        """Lengths of the axes."""

    @property
    def dtype(self) -> Any:
        """The dtype, by name."""


class Compiled(Protocol):
    """A function that was traced once, and reads the current values of its variables."""

    @property
    def output_specs(self) -> tuple[TensorSpec, ...]:
        """Shapes and types of what it gives."""

    def __call__(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Runs it; the arrays own their memory."""

    def view(self, inputs: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        """Runs it; the arrays may lie in memory of the backend, to be copied at once."""


class CompiledVjp(Protocol):
    """A function of one output, and its gradients, traced once."""

    def __call__(
        self, inputs: Sequence[NDArray[Any]], cotangent: NDArray[Any]
    ) -> tuple[NDArray[Any], list[NDArray[Any] | None]]:
        """The output, and for each input the product of the cotangent and the Jacobian.

        A gradient is None for an input that holds no floats, and where the output does not
        depend on the input as far as the backend can tell; JAX gives zeros there. All arrays
        own their memory.
        """


class Backend(Protocol):
    """Compiles functions that call models.

    Whatever such a function does, no variable of a model changes, nor does a random state or a
    counter of names.
    """

    def compile(
        self, function: TensorFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> Compiled:
        """Traces a function.

        Args:
            function: takes one tensor for each of ``specs``; gives tensors.
            specs: of the inputs.
            variables: the Keras variables it reads, whose values are those of each run.
        """

    def compile_vjp(
        self, function: ScalarFunction, specs: Sequence[Described], variables: Sequence[Any]
    ) -> CompiledVjp:
        """Traces a function of one output tensor, for gradients with respect to its inputs.

        Args:
            function: takes one tensor for each of ``specs``; gives one tensor.
            specs: of the inputs. The length of the first axis may be None: then it may be called
                with any, but some backends compile anew for each.
            variables: the Keras variables it reads; they are never differentiated.
        """

    def is_reachable(self, tensor: Any, reference: Any) -> bool:
        """Whether a tensor may be given back by the function that is being traced.

        Args:
            tensor: computed somewhere within the function.
            reference: an input of the function. A tensor made within the body of a loop, or in
                a function that is traced on its own, cannot leave it.
        """

    def operands_of(self, tensor: Any) -> Sequence[Any] | None:
        """What the operation that made a tensor was given; None where the backend does not say.

        Args:
            tensor: of the function that is being traced. The same tensors are the same objects.
        """

    def call_plainly(self) -> AbstractContextManager[None]:
        """A scope in which functions that the user has compiled are called as they were written.

        Or they would keep what they traced here, and compute that in the user's training too.
        The functions that are traced by `compile` and `compile_vjp` are called in such a scope.
        """

    def plain_function(self, value: Any) -> Callable[..., Any] | None:
        """What a compiled function was made of, for one that `call_plainly` cannot reach.

        Args:
            value: anything; other things than such functions give None.
        """
