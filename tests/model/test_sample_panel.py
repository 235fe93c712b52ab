"""The panel is the same whatever holds the samples, and reading it leaves no trace."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator
from typing import Any

import keras
import numpy as np
import pytest

from tb_nnviz.model.sample_panel import SamplePanel, compute_digest
from tb_nnviz.model.sample_reading import read_panel
from tb_nnviz.model.sample_stream import MAX_READ
from tb_nnviz.model.samples import describe_samples

GENERATOR = np.random.default_rng(0)
X = GENERATOR.random((300, 5, 4), np.float32)
Y = GENERATOR.integers(0, 10, 300)
NAMES = tuple(f"digit {index}" for index in range(10))


def panel_of(data: Any, limit: int = 16, class_names: tuple[str, ...] | None = None) -> SamplePanel:
    return read_panel(data, limit=limit, class_names=class_names)


def as_arrays(x: Any, y: Any) -> Any:
    return x, y


def as_tf_dataset(x: Any, y: Any) -> Any:
    import tensorflow as tf

    return tf.data.Dataset.from_tensor_slices((x, y)).batch(32)


def as_pydataset(x: Any, y: Any) -> Any:
    class Batches(keras.utils.PyDataset):
        def __len__(self) -> int:
            return len(range(0, len(x), 7))

        def __getitem__(self, index: int) -> Any:
            return x[7 * index :][:7], y[7 * index :][:7]

    return Batches()


def as_tensors(x: Any, y: Any) -> Any:
    return keras.ops.convert_to_tensor(x), keras.ops.convert_to_tensor(y)


HOLDERS = [as_arrays, as_tf_dataset, as_pydataset, as_tensors]


@pytest.mark.parametrize("hold", HOLDERS)
@pytest.mark.parametrize(
    "targets",
    [Y, Y.reshape(-1, 1), np.eye(10, dtype=np.float32)[Y], Y.astype(np.float32) / 7],
    ids=["integers", "a column", "one-hot", "numbers"],
)
def test_the_panel_is_the_same_whatever_holds_the_samples(
    hold: Callable[[Any, Any], Any], targets: Any
) -> None:
    expected, found = panel_of((X, targets)), panel_of(hold(X, targets))
    assert found.digest == expected.digest
    assert found.labels == expected.labels
    np.testing.assert_array_equal(found.inputs, expected.inputs)
    if expected.classes is None:
        assert found.classes is None
    else:
        np.testing.assert_array_equal(found.classes, expected.classes)


def test_the_panel_has_as_many_of_each_class_as_can_be_and_says_so() -> None:
    panel = panel_of((X, Y), class_names=NAMES)
    assert panel.num_samples == len(panel.inputs) == 16
    assert panel.classes is not None
    counts = np.bincount(panel.classes, minlength=10)
    assert counts.min() == 1
    assert counts.max() == 2
    assert panel.labels == tuple(NAMES[index] for index in panel.classes)
    assert panel.class_names == NAMES
    assert panel.notes == ("16 of 300 samples, as many of each class as can be",)
    np.testing.assert_array_equal(panel.classes, np.sort(panel.classes))
    first = X[panel.classes[0] == Y][0]
    np.testing.assert_array_equal(panel.inputs[0], first)


def test_samples_without_targets_have_no_labels_and_are_evenly_spaced() -> None:
    panel = panel_of(X)
    assert panel.labels is None
    assert panel.classes is None
    assert panel.notes == ("16 of 300 samples, evenly spaced",)
    np.testing.assert_array_equal(panel.inputs[0], X[0])


def test_few_samples_are_all_there_and_nothing_is_said() -> None:
    panel = panel_of((X[:5], np.array([3, 1, 2, 1, 0])), limit=64)
    assert panel.num_samples == 5
    assert panel.labels == ("0", "1", "1", "2", "3")
    np.testing.assert_array_equal(panel.inputs, X[[4, 1, 3, 2, 0]])
    assert panel.notes == ()


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_the_digest_is_that_of_what_the_model_is_handed(dtype: str) -> None:
    rounded = X.astype(np.float16)  # so that each dtype holds the values exactly
    assert panel_of(rounded.astype(dtype)).digest == panel_of(rounded.astype(np.float32)).digest
    assert panel_of(rounded.astype(dtype)).inputs.dtype == np.float32


def test_the_digest_tells_samples_apart() -> None:
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    other = base.copy()
    other[2, 3] += 1
    cases = [base, other, base[:2], base.reshape(3, 2, 2), base.astype(complex) * 1j, [base, other]]
    cases += [[other, base], {"a": base, "b": other}, np.array(["ab", "c"]), np.array(["a", "bc"])]
    digests = [compute_digest(one) for one in cases]
    assert len(set(digests)) == len(cases)
    assert all(len(digest) == 16 and int(digest, 16) >= 0 for digest in digests)


def test_the_digest_does_not_depend_on_how_the_same_samples_are_held() -> None:
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert compute_digest(base) == compute_digest([base]) == compute_digest({"image": base})
    assert compute_digest(base) == compute_digest(np.asfortranarray(base))
    assert compute_digest(base) == compute_digest(base.astype(">f4"))
    named = {"a": base, "b": base + 1}
    assert compute_digest(named) == compute_digest(dict(reversed(named.items())))
    assert compute_digest(np.array(["é", "b"])) == compute_digest(np.array(["é", "b"], object))


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float64, ">i4"])
def test_equal_numbers_have_one_digest_in_any_dtype(dtype: Any) -> None:
    base = np.arange(12, dtype=np.float32).reshape(3, 4)
    assert compute_digest(base.astype(dtype)) == compute_digest(base)
    assert compute_digest(base[..., None]) == compute_digest(base)
    assert compute_digest(np.zeros(2)) == compute_digest(-np.zeros(2))


def test_large_indices_are_told_apart_that_float32_would_take_for_one() -> None:
    one = np.array([2**24], np.int32)
    assert compute_digest(one) != compute_digest(one + 1)


def test_several_inputs_keep_their_structure() -> None:
    panel = panel_of(({"image": X, "length": Y}, Y))
    assert list(panel.inputs) == ["image", "length"]
    assert panel.num_samples == 16
    np.testing.assert_array_equal(panel.inputs["length"], panel.classes)
    as_list = panel_of(([X, Y], Y))
    assert isinstance(as_list.inputs, list)
    np.testing.assert_array_equal(as_list.inputs[0], panel.inputs["image"])


@pytest.mark.parametrize("hold", HOLDERS[:3])
def test_tuples_and_nested_inputs_keep_their_kind(hold: Any) -> None:
    if hold is as_arrays:
        as_tuple: Any = ((X, Y), Y)
        nested: Any = ({"a": {"b": X}, "c": (Y,)}, Y)
    elif hold is as_tf_dataset:
        as_tuple, nested = hold((X, Y), Y), hold({"a": {"b": X}, "c": (Y,)}, Y)
    else:

        class Batches(keras.utils.PyDataset):
            is_nested = False

            def __len__(self) -> int:
                return 3

            def __getitem__(self, index: int) -> Any:
                x, y = X[100 * index :][:100], Y[100 * index :][:100]
                return ({"a": {"b": x}, "c": (y,)} if self.is_nested else (x, y)), y

        as_tuple, nested = Batches(), Batches()
        nested.is_nested = True
    expected = panel_of((X, Y))
    found = panel_of(as_tuple)
    assert isinstance(found.inputs, tuple)
    np.testing.assert_array_equal(found.inputs[0], expected.inputs)
    found = panel_of(nested)
    assert found.num_samples == 16
    assert isinstance(found.inputs["c"], tuple)
    np.testing.assert_array_equal(found.inputs["a"]["b"], expected.inputs)
    assert isinstance(describe_samples((found.inputs,))["c"], tuple)


@pytest.mark.parametrize("hold", [as_arrays, as_tf_dataset, as_pydataset])
def test_of_several_outputs_the_first_that_says_classes_gives_the_labels(hold: Any) -> None:
    if hold is as_pydataset:
        data: Any = (X, [Y / 7, Y])
    elif hold is as_tf_dataset:
        data = hold(X, {"value": Y / 7, "digit": Y})
    else:
        data = (X, {"value": Y / 7, "digit": Y})
    panel = panel_of(data)
    expected = panel_of((X, Y))
    assert panel.digest == expected.digest
    assert panel.labels == expected.labels
    name = "1" if hold is as_pydataset else "digit"
    assert panel.notes[-1] == f"labels are those of output {name!r}"


def test_a_dataset_is_read_in_order_once_and_no_further_than_its_limit() -> None:
    asked: list[int] = []

    class Endless(keras.utils.PyDataset):
        @property
        def num_batches(self) -> None:
            return None

        def __getitem__(self, index: int) -> Any:
            asked.append(index)
            return np.full((100, 3), index, np.float32), np.full((100,), index / 7)

    panel = panel_of(Endless())
    assert asked == list(range(21))
    assert panel.num_samples == 16
    assert panel.notes == (f"16 of the first {MAX_READ:,} samples, evenly spaced",)
    # The last kept is at most two strides of 64 before sample 2,047, which is in batch 20.
    assert panel.inputs.max() >= 19


def test_an_infinite_tf_dataset_is_read_up_to_the_limit() -> None:
    panel = panel_of(as_tf_dataset(X, Y / 7).repeat())
    assert panel.notes == (f"16 of the first {MAX_READ:,} samples, evenly spaced",)


def test_reading_stops_when_every_class_has_its_share() -> None:
    asked: list[int] = []

    class Recording(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 30

        def __getitem__(self, index: int) -> Any:
            asked.append(index)
            return X[10 * index :][:10], np.eye(2, dtype=np.float32)[Y[10 * index :][:10] % 2]

    panel = panel_of(Recording())
    assert len(asked) < 6
    assert panel.notes == ("16 samples, as many of each class as can be",)
    assert panel.digest == panel_of((X, Y % 2)).digest


def test_the_users_random_generators_are_where_they_were() -> None:
    class Drawing(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 3

        def __getitem__(self, index: int) -> Any:
            random.random()
            return np.random.random((8, 3)).astype(np.float32)  # noqa: NPY002

    before = random.getstate(), str(np.random.get_state())  # noqa: NPY002
    panel_of(Drawing())
    assert (random.getstate(), str(np.random.get_state())) == before  # noqa: NPY002


@pytest.mark.parametrize("seed", [3, None])
def test_a_shuffling_dataset_is_left_where_it_is_and_gives_one_panel(seed: int | None) -> None:
    import tensorflow as tf

    def make() -> Any:
        return (
            as_tf_dataset(X, Y).unbatch().shuffle(300, seed=seed).map(lambda x, y: (x, y)).batch(8)
        )

    def orders(dataset: Any) -> list[list[int]]:
        return [[int(label) for _, y in dataset for label in y] for _ in range(2)]

    tf.random.set_seed(5)
    bare = make()
    expected = orders(bare)
    tf.random.set_seed(5)
    dataset = make()
    first = panel_of(dataset)
    assert orders(dataset) == expected
    assert panel_of(make()).digest == first.digest == panel_of(dataset).digest
    assert expected[0] != expected[1], "the dataset does not reshuffle: nothing was shown"


def test_a_cache_is_not_filled_for_the_training(tmp_path: Any) -> None:
    import tensorflow as tf

    for file in ("", str(tmp_path / "cache")):
        dataset = as_tf_dataset(X, Y).unbatch().shuffle(300, seed=1).cache(file).batch(8)
        tf.random.set_seed(5)
        panel = panel_of(dataset)
        assert not list(tmp_path.iterdir())
        assert panel.digest == panel_of(dataset).digest


def test_a_dataset_that_moves_and_cannot_be_copied_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import tensorflow as tf

    def refuse(**_: Any) -> Any:
        raise tf.errors.ResourceExhaustedError(None, None, "2 GB")

    monkeypatch.setattr(tf.raw_ops, "DatasetToGraphV2", refuse)
    with pytest.raises(ValueError, match=r"shuffles or draws anew.*Pass arrays"):
        panel_of(as_tf_dataset(X, Y).shuffle(3))
    assert panel_of(as_tf_dataset(X, Y).cache()).digest == panel_of((X, Y)).digest


def test_large_arrays_are_indexed_and_never_copied_whole() -> None:
    class Indexed:
        """Slices like an array that lies on disk; any other use fails."""

        shape = (10_000, 3)
        dtype = np.dtype(np.float32)

        def __len__(self) -> int:
            return self.shape[0]

        def __getitem__(self, index: slice) -> Any:
            assert isinstance(index, slice)
            assert index.stop - index.start == 1
            return np.full((1, 3), index.start, np.float32)

        def __array__(self, *arguments: Any, **options: Any) -> Any:
            raise AssertionError("copied whole")

    panel = panel_of((Indexed(), np.arange(10_000) % 10))
    assert panel.inputs[:2, 0].tolist() == [0, 10]


def test_text_is_kept_as_it_is() -> None:
    texts = np.array(["a cat", "a dog", "an owl"], object)
    panel = panel_of((texts, np.array([1, 0, 1])))
    assert panel.inputs.tolist() == ["a dog", "a cat", "an owl"]


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ((X, Y[:10]), "of one length.*10, 300"),
        ({"a": X, "b": Y[:3]}, "of one length"),
        ((X, np.full(300, 11)), "at least 12 classes"),
    ],
)
def test_data_that_does_not_go_together_is_refused(data: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        panel_of(data, class_names=NAMES)


def test_samples_of_several_shapes_are_refused() -> None:
    class Ragged(keras.utils.PyDataset):
        def __len__(self) -> int:
            return 2

        def __getitem__(self, index: int) -> Any:
            return np.zeros((4, 3 + index), np.float32)

    with pytest.raises(ValueError, match=r"one shape.*\(3,\), \(4,\).*Pad or resize"):
        panel_of(Ragged())


def test_an_empty_dataset_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        panel_of(as_tf_dataset(X, Y).take(0))


def test_a_generator_that_fails_is_not_hidden() -> None:
    def fail() -> Iterator[int]:
        yield from itertools.repeat(1, 2)
        raise RuntimeError("the disk is gone")

    class Failing(keras.utils.PyDataset):
        generator = fail()

        def __len__(self) -> int:
            return 5

        def __getitem__(self, index: int) -> Any:
            return np.full((2, 3), next(self.generator), np.float32)

    with pytest.raises(RuntimeError, match="the disk is gone"):
        panel_of(Failing())


def test_a_dataset_that_does_not_know_its_shapes_is_described_by_what_is_read() -> None:
    import tensorflow as tf

    def double(x: Any) -> Any:
        return tf.py_function(lambda one: 2 * one, [x], tf.float32)

    dataset = tf.data.Dataset.from_tensor_slices(X).batch(32).map(double)
    assert describe_samples(dataset) is None
    np.testing.assert_array_equal(panel_of(dataset).inputs, 2 * panel_of(X).inputs)
