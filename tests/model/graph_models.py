"""Models with graphs of many shapes, for tests of how these are read."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers, ops


def branching() -> Any:
    """Two ways from one layer, joined by a layer and by an operation."""
    inputs = layers.Input((8, 8, 3))
    stem = layers.Conv2D(4, 3, padding="same", name="stem")(inputs)
    left = layers.Conv2D(4, 1, activation="relu")(stem)
    right = layers.BatchNormalization()(layers.Conv2D(4, 1)(stem))
    joined = layers.Concatenate()([left, right, stem])
    pooled = layers.GlobalAveragePooling2D()(joined)
    return keras.Model(inputs, layers.Dense(3, "softmax", name="scores")(pooled))


def shared() -> Any:
    """One layer on two inputs, and on what it gave itself."""
    first, second = layers.Input((6,), name="first"), layers.Input((6,), name="second")
    hidden = layers.Dense(6, "tanh", name="hidden")
    once = hidden(first)
    twice = hidden(once)
    other = hidden(second)
    return keras.Model([first, second], layers.Dense(1)(layers.Add()([twice, other, once])))


def sharing_with_others() -> Any:
    """A layer that another model, made before, calls too."""
    hidden = layers.Dense(6, name="hidden")
    elsewhere = layers.Input((6,))
    keras.Model(elsewhere, hidden(hidden(elsewhere)))
    inputs = layers.Input((6,))
    return keras.Model(inputs, layers.Dense(2)(hidden(layers.ReLU()(hidden(inputs)))))


def operations() -> Any:
    """Operations between layers, with constants, and one tensor twice."""
    inputs = layers.Input((6,))
    hidden = layers.Dense(6)(inputs)
    scaled = hidden * 2.0 + inputs
    both = ops.stack([scaled, hidden, scaled], axis=1)
    return keras.Model(inputs, layers.Dense(2)(ops.mean(both, axis=1)) - 1.0)


def nested() -> Any:
    """An encoder, called twice, in which there is a decoder's core, in which there is a stack."""
    stack = keras.Sequential([layers.Input((4,)), layers.Dense(4), layers.ReLU()], name="stack")
    core_inputs = layers.Input((4,))
    core = keras.Model(core_inputs, stack(core_inputs) + core_inputs, name="core")
    encoder_inputs = layers.Input((6,))
    encoder = keras.Model(encoder_inputs, core(layers.Dense(4)(encoder_inputs)), name="encoder")
    first, second = layers.Input((6,)), layers.Input((6,))
    distance = layers.Subtract()([encoder(first), encoder(second)])
    return keras.Model([first, second], layers.Dense(1, "sigmoid")(distance))


def several_outputs() -> Any:
    """A layer with three outputs, all of them used, and a model with outputs by name."""
    inputs = layers.Input((5, 3), name="steps")
    unused = layers.Input((2,), name="unused")
    sequence, state, cell = layers.LSTM(
        4, return_sequences=True, return_state=True, name="recurrent"
    )(inputs)
    again = layers.LSTM(4, name="again")(sequence, initial_state=[cell, state])
    return keras.Model(
        {"steps": inputs, "unused": unused},
        {"class": layers.Dense(3, name="class")(again), "state": state},
    )


def masked() -> Any:
    """A mask that one layer makes and another takes, which Keras makes an operation of."""
    tokens = layers.Input((7,))
    embedded = layers.Embedding(20, 4, mask_zero=True)(tokens)
    attended = layers.MultiHeadAttention(2, 4)(embedded, value=embedded)
    return keras.Model(tokens, layers.Dense(2)(layers.GRU(3)(attended)))


class Residual(layers.Layer):
    """A block of one's own."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.widen = layers.Dense(units, "relu")
        self.narrow = layers.Dense(units)
        self.dropout = layers.Dropout(0.1)

    def call(self, inputs: Any, training: bool = False) -> Any:
        hidden = self.dropout(self.narrow(self.widen(inputs)), training=training)
        return inputs + hidden


class Subclassed(keras.Model):
    """Blocks of one's own, one layer called twice in a row, and one that is never called."""

    def __init__(self) -> None:
        super().__init__()
        self.flatten = layers.Flatten()
        self.blocks = [Residual(6), Residual(6)]
        self.twice = layers.Dense(6, "elu")
        self.scores = layers.Dense(3, "softmax", name="scores")
        self.never = layers.Dense(2, name="never")
        self.never.build((None, 5))

    def call(self, inputs: Any, training: bool = False) -> Any:
        hidden = self.flatten(inputs)
        for block in self.blocks:
            hidden = block(hidden, training=training)
        return self.scores(self.twice(self.twice(hidden)))


class OfTensorFlow(keras.Model):
    """What lies between its layers is TensorFlow's, which takes no symbolic tensors."""

    def __init__(self) -> None:
        super().__init__()
        self.first = layers.Dense(4, name="first")
        self.dropout = layers.Dropout(0.2, name="dropout")
        self.second = layers.Dense(4, name="second")
        self.scores = layers.Dense(2, name="scores")

    def call(self, inputs: Any, training: bool = False) -> Any:
        import tensorflow as tf

        hidden = tf.nn.relu(self.first(tf.cast(inputs, tf.float32)))
        kept = self.dropout(hidden, training=training)
        return tf.nn.softmax(self.scores(tf.concat([self.second(kept), hidden], -1)))


class Refusing(keras.Model):
    """Its code cannot be run on anything but numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = keras.Sequential([layers.Input((4,)), layers.Dense(3, name="hidden")])
        self.scores = layers.Dense(2, name="scores")

    def call(self, inputs: Any) -> Any:
        if float(ops.convert_to_numpy(inputs).sum()) > 1e9:
            return inputs
        return self.scores(self.inner(inputs))


FUNCTIONAL = [
    branching,
    shared,
    sharing_with_others,
    operations,
    nested,
    several_outputs,
    masked,
]
