"""What kind of layer a layer is, by its class: the names of Keras' own classes, kind by kind.

Knows classes only. A class of one's own is what it is derived from; one that wraps a layer is what
it wraps.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras
from keras import layers

from tb_nnviz.model.linear.graph import find_functional
from tb_nnviz.records.graph import Category

_LAYERS: Mapping[Category, str] = {
    "input": "InputLayer",
    "dense": "Dense EinsumDense",
    "convolution": (
        "Conv1D Conv2D Conv3D Conv1DTranspose Conv2DTranspose Conv3DTranspose "
        "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D"
    ),
    "pooling": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D "
        "AveragePooling1D AveragePooling2D AveragePooling3D "
        "MaxPooling1D MaxPooling2D MaxPooling3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D "
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D"
    ),
    "normalization": (
        "BatchNormalization GroupNormalization LayerNormalization RMSNormalization "
        "UnitNormalization"
    ),
    "activation": "Activation ELU LeakyReLU PReLU ReLU Softmax ThresholdedReLU",
    "regularization": (
        "ActivityRegularization AlphaDropout Dropout GaussianDropout GaussianNoise "
        "SpatialDropout1D SpatialDropout2D SpatialDropout3D"
    ),
    "reshaping": (
        "Cropping1D Cropping2D Cropping3D Flatten Permute RepeatVector Reshape "
        "UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D ZeroPadding3D"
    ),
    "merging": "Add Average Concatenate Dot Maximum Minimum Multiply Subtract",
    "recurrent": (
        "RNN GRU LSTM SimpleRNN ConvLSTM1D ConvLSTM2D ConvLSTM3D Bidirectional "
        "GRUCell LSTMCell SimpleRNNCell StackedRNNCells"
    ),
    "attention": "AdditiveAttention Attention GroupQueryAttention MultiHeadAttention",
    "embedding": "Embedding ReversibleEmbedding",
    "preprocessing": (
        "AugMix AutoContrast CategoryEncoding CenterCrop "
        "ContrastLimitedAdaptiveHistogramEqualization CutMix Discretization Equalization "
        "HashedCrossing Hashing IntegerLookup MaxNumBoundingBoxes MelSpectrogram MixUp "
        "Normalization Pipeline RandAugment RandomBrightness RandomColorDegeneration "
        "RandomColorJitter RandomContrast RandomCrop RandomElasticTransform RandomErasing "
        "RandomFlip RandomGaussianBlur RandomGrayscale RandomHeight RandomHue RandomInvert "
        "RandomPerspective RandomPosterization RandomRotation RandomSaturation "
        "RandomSharpness RandomShear RandomTranslation RandomWidth RandomZoom Rescaling "
        "Resizing STFTSpectrogram Solarization StringLookup TextVectorization"
    ),
    "other": "FlaxLayer Identity JaxLayer Lambda Masking TFSMLayer TorchModuleWrapper",
}
# Some have come with later versions of Keras, or gone.
_CATEGORIES: Mapping[type, Category] = {
    getattr(layers, name): category
    for category, names in _LAYERS.items()
    for name in names.split()
    if hasattr(layers, name)
}


def find_category(operation: Any) -> Category:
    """The kind of a layer, or of an operation that is none.

    Args:
        operation: a layer, a model inside a model, or an operation of `keras.ops`.
    """
    if not isinstance(operation, layers.Layer):
        return "operation"
    if isinstance(operation, keras.Model):
        return "model"
    for one in type(operation).__mro__:
        if one in _CATEGORIES:
            return _CATEGORIES[one]
    wrapped = getattr(operation, "layer", None) if isinstance(operation, layers.Wrapper) else None
    if wrapped is not None:
        return find_category(wrapped)
    return "model" if holds_layers(operation) else "other"


def holds_layers(layer: Any) -> bool:
    """Whether a layer is looked into: a model, or one whose own code calls layers that it holds.

    What Keras makes of several layers, such as its attention, is one layer.

    Args:
        layer: any layer.
    """
    if find_functional(layer) is not None:
        return True
    if isinstance(layer, keras.Model):
        return bool(layer.layers)
    call = getattr(type(layer), "call", None)
    is_of_keras = (getattr(call, "__module__", None) or "").startswith("keras.")
    return not is_of_keras and bool(getattr(layer, "_layers", None))
