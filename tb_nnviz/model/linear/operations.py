"""Which operations are linear, which the identity or an average stands in for, which end it.

Knows operations of Keras one by one; knows no graph and runs nothing. What is in no table is
refused: a user's own layer may do anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import keras
from keras import layers

from tb_nnviz.model.linear.keras_operations import treat_function_call

Kind = Literal["run", "pass", "replace", "average", "refuse"]

# Run as they are, at inference. A fused activation is looked at beside them.
LINEAR_LAYERS = (
    "AdaptiveAveragePooling1D",
    "AdaptiveAveragePooling2D",
    "AdaptiveAveragePooling3D",
    "Add",
    "Average",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Conv1D",
    "Conv1DTranspose",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Cropping1D",
    "Cropping2D",
    "Cropping3D",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "EinsumDense",
    "Flatten",
    "GlobalAveragePooling1D",
    "GlobalAveragePooling2D",
    "GlobalAveragePooling3D",
    "Normalization",
    "Permute",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv1D",
    "SeparableConv2D",
    "Subtract",
    "UpSampling1D",
    "UpSampling2D",
    "UpSampling3D",
    "ZeroPadding1D",
    "ZeroPadding2D",
    "ZeroPadding3D",
)
# Nothing but the identity at inference: not even run.
IDENTITY_LAYERS = (
    "ActivityRegularization",
    "AlphaDropout",
    "Dropout",
    "GaussianDropout",
    "GaussianNoise",
    "Identity",
    "InputLayer",
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
    "SpatialDropout1D",
    "SpatialDropout2D",
    "SpatialDropout3D",
)
# Layers that the identity stands in for, and what notes call them.
REPLACED_LAYERS = {"ELU": "ELU", "LeakyReLU": "leaky ReLU", "ReLU": "ReLU", "Softmax": "softmax"}
# Layers that an average over the same places stands in for, and the layer which computes it.
AVERAGED_LAYERS = {
    "AdaptiveMaxPooling1D": "AdaptiveAveragePooling1D",
    "AdaptiveMaxPooling2D": "AdaptiveAveragePooling2D",
    "AdaptiveMaxPooling3D": "AdaptiveAveragePooling3D",
    "GlobalMaxPooling1D": "GlobalAveragePooling1D",
    "GlobalMaxPooling2D": "GlobalAveragePooling2D",
    "GlobalMaxPooling3D": "GlobalAveragePooling3D",
    "MaxPooling1D": "AveragePooling1D",
    "MaxPooling2D": "AveragePooling2D",
    "MaxPooling3D": "AveragePooling3D",
}
# Operations of `keras.ops` of the same kind.
AVERAGED_FUNCTIONS = ("MaxPool",)
_ATTENTION = "attention multiplies its inputs with one another"
_RECURRENCE = "a recurrence is not linear"
_NORMALIZATION = "it divides by what it measures in its own input"
_PRODUCT = "it multiplies its inputs with one another"
_EXTREME = "an extreme of its inputs is not linear"
_LOOK_UP = "looking integers up is not linear"
_PICTURES = "it is not linear in the values of its pictures"
_CUSTOM = "it may compute anything"
_FOREIGN = "what another framework computes in it is not known"
_WRAPPER = "what a wrapper does with its layer is not looked at"
# Layers that end a composition, and why.
REFUSED_LAYERS = {
    "AdditiveAttention": _ATTENTION,
    "Attention": _ATTENTION,
    "AugMix": _PICTURES,
    "AutoContrast": _PICTURES,
    "Bidirectional": _RECURRENCE,
    "CategoryEncoding": _LOOK_UP,
    "ContrastLimitedAdaptiveHistogramEqualization": _PICTURES,
    "ConvLSTM1D": _RECURRENCE,
    "ConvLSTM2D": _RECURRENCE,
    "ConvLSTM3D": _RECURRENCE,
    "CutMix": _PICTURES,
    "Discretization": _LOOK_UP,
    "Dot": _PRODUCT,
    "Embedding": _LOOK_UP,
    "Equalization": _PICTURES,
    "FlaxLayer": _FOREIGN,
    "GRU": _RECURRENCE,
    "GRUCell": _RECURRENCE,
    "GroupNormalization": _NORMALIZATION,
    "GroupQueryAttention": _ATTENTION,
    "GroupedQueryAttention": _ATTENTION,
    "HashedCrossing": _LOOK_UP,
    "Hashing": _LOOK_UP,
    "IntegerLookup": _LOOK_UP,
    "JaxLayer": _FOREIGN,
    "LSTM": _RECURRENCE,
    "LSTMCell": _RECURRENCE,
    "Lambda": _CUSTOM,
    "Layer": _CUSTOM,
    "LayerNormalization": _NORMALIZATION,
    "Masking": "which steps it masks depends on its input",
    "MaxNumBoundingBoxes": _PICTURES,
    "Maximum": _EXTREME,
    "MelSpectrogram": "magnitudes of a spectrum are not linear",
    "Minimum": _EXTREME,
    "MixUp": _PICTURES,
    "MultiHeadAttention": _ATTENTION,
    "Multiply": _PRODUCT,
    "PReLU": "its learnt slopes depend on the sign of its input",
    "Pipeline": _WRAPPER,
    "RMSNormalization": _NORMALIZATION,
    "RNN": _RECURRENCE,
    "RandAugment": _PICTURES,
    "RandomCrop": _PICTURES,
    "RandomGrayscale": _PICTURES,
    "ReversibleEmbedding": _LOOK_UP,
    "STFTSpectrogram": "magnitudes of a spectrum are not linear",
    "SimpleRNN": _RECURRENCE,
    "SimpleRNNCell": _RECURRENCE,
    "Solarization": _PICTURES,
    "SpectralNormalization": _WRAPPER,
    "StackedRNNCells": _RECURRENCE,
    "StringLookup": _LOOK_UP,
    "TFSMLayer": _FOREIGN,
    "TextVectorization": _LOOK_UP,
    "TimeDistributed": _WRAPPER,
    "TorchModuleWrapper": _FOREIGN,
    "UnitNormalization": _NORMALIZATION,
    "Wrapper": _WRAPPER,
}
# Functions of one value, or of a softmax, that the identity stands in for; by their names without
# underscores, as functions and as operations are called.
_REPLACED_FUNCTIONS = {
    "celu": "CELU",
    "elu": "ELU",
    "exp": "exponential",
    "exponential": "exponential",
    "gelu": "GELU",
    "hardshrink": "hard shrink",
    "hardsigmoid": "hard sigmoid",
    "hardsilu": "hard SiLU",
    "hardswish": "hard SiLU",
    "hardtanh": "hard tanh",
    "leakyrelu": "leaky ReLU",
    "logsigmoid": "log-sigmoid",
    "logsoftmax": "log-softmax",
    "mish": "mish",
    "relu": "ReLU",
    "relu6": "ReLU6",
    "selu": "SELU",
    "sigmoid": "sigmoid",
    "silu": "SiLU",
    "softmax": "softmax",
    "softplus": "softplus",
    "softshrink": "soft shrink",
    "softsign": "softsign",
    "sparsemax": "sparsemax",
    "sparseplus": "sparse plus",
    "sparsesigmoid": "sparse sigmoid",
    "squareplus": "squareplus",
    "swish": "SiLU",
    "tanh": "tanh",
    "tanhshrink": "tanh shrink",
    "threshold": "threshold",
}
_FRAMEWORKS = ("keras", "tensorflow", "jax", "torch")


@dataclass(frozen=True)
class Treatment:
    """What is done with an operation in a linearised network.

    Attributes:
        kind: ``run`` it; ``pass`` its input on, as it does at inference itself; ``replace`` it by
            the identity; ``average`` in the place of its maximum; or ``refuse`` it.
        replaced: what notes call that which the identity stands in for: the operation, or its
            fused activation; "" where there is none.
        reason: why it is refused.
    """

    kind: Kind
    replaced: str = ""
    reason: str = ""


def treat(operation: Any, node: Any) -> Treatment:
    """What is done with a call in a functional graph.

    Args:
        operation: a layer, or an operation of `keras.ops`.
        node: the call: Keras' node, whose arguments decide for functions; None for layers that
            are called outside a graph.
    """
    if isinstance(operation, layers.Layer):
        return treat_layer(operation)
    if not type(operation).__module__.startswith("keras."):
        return Treatment("refuse", reason=_CUSTOM)
    replaced = _REPLACED_FUNCTIONS.get(_plain(type(operation).__name__))
    if replaced is not None:
        return Treatment("replace", replaced)
    if type(operation).__name__ in AVERAGED_FUNCTIONS:
        return Treatment("average")
    kind, reason = treat_function_call(operation, node)
    return Treatment(kind, reason=reason)


def treat_layer(layer: Any, *, without_activation: bool = False) -> Treatment:
    """What is done with a layer; see `Treatment`.

    Args:
        layer: any layer.
        without_activation: whether the activation it fuses is left aside.
    """
    name = _own_name(layer)
    if name is None:
        return Treatment("refuse", reason=f"a layer of one's own; {_CUSTOM}")
    if name == "Activation":
        return _treat_activation(layer.activation, "replace")
    if name in LINEAR_LAYERS:
        return _treat_linear(layer, name, without_activation=without_activation)
    if name in IDENTITY_LAYERS:
        return Treatment("pass")
    if name in REPLACED_LAYERS:
        return Treatment("replace", REPLACED_LAYERS[name])
    kind: Kind = "average" if name in AVERAGED_LAYERS else "refuse"
    return Treatment(kind, reason=REFUSED_LAYERS.get(name, "not known to be linear"))


def _treat_linear(layer: Any, name: str, *, without_activation: bool) -> Treatment:
    if getattr(layer, "quantization_mode", None) is not None:
        return Treatment("refuse", reason="a quantized layer rounds its input")
    if name == "Concatenate" and layer.axis == 0:
        return Treatment("refuse", reason="it joins samples")
    if without_activation:
        return Treatment("run")
    return _treat_activation(getattr(layer, "activation", None), "run")


def has_activation(layer: Any) -> bool:
    """Whether a layer fuses an activation that is not the identity."""
    return not _is_linear(getattr(layer, "activation", None))


def name_activation(activation: Any) -> str | None:
    """What notes call an activation function; None for one that is not known."""
    if isinstance(activation, layers.Layer):
        treatment = treat_layer(activation)
        return treatment.replaced if treatment.kind == "replace" else None
    module = getattr(activation, "__module__", None) or ""
    if module.partition(".")[0] not in _FRAMEWORKS:
        return None
    return _REPLACED_FUNCTIONS.get(_plain(getattr(activation, "__name__", "")))


def describe_replaced(names: Iterable[str]) -> str:
    """A note such as "ignores 2 ReLU, 1 tanh"; "" for no names.

    Args:
        names: what is replaced, in the order of the path.
    """
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    if not counts:
        return ""
    return "ignores " + ", ".join(f"{count} {name}" for name, count in counts.items())


def _treat_activation(activation: Any, kind: Kind) -> Treatment:
    if _is_linear(activation):
        return Treatment("pass" if kind == "replace" else kind)
    replaced = name_activation(activation)
    if replaced is None:
        called = getattr(activation, "__name__", type(activation).__name__)
        return Treatment("refuse", reason=f"its activation {called!r} is not known")
    return Treatment(kind, replaced)


def _is_linear(activation: Any) -> bool:
    return activation is None or activation is keras.activations.linear


def _own_name(layer: Any) -> str | None:
    """The name of a layer's class in `keras.layers`; None for a class of somebody else."""
    name = type(layer).__name__
    return name if getattr(layers, name, None) is type(layer) else None


def _plain(name: str) -> str:
    return name.replace("_", "").lower()
