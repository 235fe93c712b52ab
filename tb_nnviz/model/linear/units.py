"""The units of one layer as a linear function of the model's inputs, ready to be computed.

The one shape in which the analysis meets them, however the model was written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tb_nnviz.model.layers import own_variables
from tb_nnviz.model.linear.affine_chain import AffineChain, find_chain
from tb_nnviz.model.linear.cost import count_multiplications
from tb_nnviz.model.linear.input_axes import takes_channels_first, takes_steps
from tb_nnviz.model.linear.jacobian import UnitJacobian, Window, find_windows, make_jacobian
from tb_nnviz.model.linear.path import UnitPath

if TYPE_CHECKING:
    from tb_nnviz.model.linear.without_graph import RunningModel

# The note on templates that nothing was replaced for.
EXACT = "exact"


@dataclass(frozen=True, eq=False)
class InputSpec:
    """One input that units depend on.

    Attributes:
        place: among the model's inputs.
        name: the same whenever such a model is built.
        shape: without the batch axis.
        is_sequence: whether the model takes its rows for steps, not for those of a picture.
        is_channels_first: whether its first axis counts channels.
        window: what of it the units at the central position may look at; None for all.
    """

    place: int
    name: str
    shape: tuple[int, ...]
    is_sequence: bool = False
    is_channels_first: bool = False
    window: Window | None = None

    @property
    def window_shape(self) -> tuple[int, ...]:
        """Shape of a template."""
        if self.window is None:
            return self.shape
        return tuple(one.stop - one.start for one in self.window)


@dataclass(frozen=True, eq=False)
class LinearUnits:
    """Units of a layer, before its own activation.

    Attributes:
        key: canonical path of the layer, with ``#2`` for its second call.
        layer_path: the path alone.
        layer_index: place of the layer in the order of the model; None for an operation.
        layer_type: class name.
        num_units: how many there are.
        outputs: places of the model's outputs whose scores they are; () for none.
        num_outputs: how many outputs the model has.
        activation: what is applied to them, such as ``softmax``; "" for nothing.
        inputs: those that the units depend on.
        is_exact: whether nothing on the way is replaced.
        notes: what is replaced and what the units are, in sentences.
        layers: the layers whose weights the units depend on.
        places: the place of each of them in the order of the model, by identity.
        cost: multiply-adds of one unit's template.
        chain: products of matrices that give the templates; None where there is no such chain.
        jacobian: the other way to compute them.
        num_operations: how many operations give them, which are traced for the Jacobian.
        model: what can try whether they are linear, for a model without a graph; else None.
    """

    key: str
    layer_path: str
    layer_index: int | None
    layer_type: str
    num_units: int
    outputs: tuple[int, ...]
    num_outputs: int
    activation: str
    inputs: tuple[InputSpec, ...]
    is_exact: bool
    notes: tuple[str, ...]
    layers: tuple[Any, ...]
    places: Mapping[int, int | None]
    cost: int
    chain: AffineChain | None
    jacobian: UnitJacobian
    num_operations: int = 0
    model: RunningModel | None = None

    @property
    def gives_scores(self) -> bool:
        """Whether they are scores of the model."""
        return bool(self.outputs)


def units_of_path(
    path: UnitPath, variables: Sequence[Any], *, outputs: tuple[int, ...], after: str = ""
) -> LinearUnits:
    """The units that a path of a functional or Sequential model leads to.

    Args:
        path: to the units.
        variables: of the model.
        outputs: places of the model's outputs whose scores they are; () for none.
        after: the activation that the model applies to them later on, as its last act.
    """
    chain = find_chain(path)
    windows = find_windows(path)
    inputs = tuple(
        InputSpec(
            place=place,
            name=path.graph.input_names[place],
            shape=shape,
            is_sequence=takes_steps(path.graph, place),
            is_channels_first=takes_channels_first(path.graph, place),
            window=window,
        )
        for place, shape, window in zip(path.inputs, path.input_shapes, windows, strict=True)
    )
    before = path.before or after
    operations = {id(move.step.operation): move.step.operation for move in path.moves}
    return LinearUnits(
        key=path.target.key,
        layer_path=path.target.path,
        layer_index=path.target.index,
        layer_type=path.target.operation_type,
        num_units=path.num_units,
        outputs=outputs,
        num_outputs=len(path.graph.outputs),
        activation=before,
        inputs=inputs,
        is_exact=path.is_exact,
        notes=(
            *(path.notes() or (EXACT,)),
            *describe_units(before, path.position, inputs),
        ),
        layers=tuple(one for one in operations.values() if hasattr(one, "variables")),
        places={id(move.step.operation): move.step.index for move in path.moves},
        cost=count_multiplications(path) if chain is None else chain.num_multiplications(),
        chain=chain,
        jacobian=make_jacobian(path, variables),
        num_operations=sum(move.treatment.kind in ("run", "average") for move in path.moves),
    )


def variables_of(units: LinearUnits) -> list[Any]:
    """The variables whose values the templates depend on."""
    return [variable for layer in units.layers for variable in own_variables(layer)]


def describe_units(
    before: str, position: tuple[int, ...], inputs: Sequence[InputSpec]
) -> tuple[str, ...]:
    """Notes on what the units are.

    Args:
        before: their own activation, or "".
        position: the central one, or ().
        inputs: those they depend on.
    """
    own = (f"before {before}",) if before else ()
    if not position:
        return own
    place = f"({', '.join(map(str, position))})" if len(position) > 1 else str(position[0])
    fields = []
    for one in inputs:
        if one.window is None:
            continue
        size = "×".join(str(length) for length in _places(one, one.window_shape))
        start = _places(one, tuple(part.start for part in one.window))
        where = f"({', '.join(map(str, start))})" if len(start) > 1 else str(start[0])
        of = f" in {one.name}" if len(inputs) > 1 else ""
        fields.append(f", cropped to its receptive field {size} from {where}{of}")
    return (*own, f"of the central position {place}{''.join(fields)}")


def _places(one: InputSpec, values: tuple[int, ...]) -> tuple[int, ...]:
    """The values along axes that are places: not along the channels."""
    if len(values) == 1 or (len(values) == 2 and not one.is_sequence):  # noqa: PLR2004 - no channels
        return values
    return values[1:] if one.is_channels_first else values[:-1]
