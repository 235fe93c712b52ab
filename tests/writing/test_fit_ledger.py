from __future__ import annotations

import gc

from tb_nnviz.writing.fit_ledger import FitLedger


class Owner:
    """Stands for a callback."""


def test_callbacks_of_one_fit_share_its_ordinal() -> None:
    ledger = FitLedger(3)
    key: dict[str, int] = {}
    one, other = Owner(), Owner()
    assert [ledger.begin_fit(one, key), ledger.begin_fit(other, key)] == [4, 4]
    assert FitLedger(0).begin_fit(one) == 1


def test_without_a_key_a_fit_begins_after_progress_or_when_its_owner_begins_again() -> None:
    ledger = FitLedger(0)
    one, other = Owner(), Owner()
    assert [ledger.begin_fit(one), ledger.begin_fit(other)] == [1, 1]
    assert ledger.begin_fit(one) == 2
    ledger.note_progress()
    assert ledger.begin_fit(other) == 3
    ledger.end_fit(other)
    assert ledger.begin_fit(one) == 4


def test_another_key_begins_another_fit_though_the_first_was_interrupted_at_once() -> None:
    ledger = FitLedger(0)
    interrupted, owner, second = Owner(), Owner(), Owner()
    first_params, params = {"epochs": 1}, {"epochs": 1}  # equal, as Keras' params are
    assert ledger.begin_fit(interrupted, first_params) == 1
    assert ledger.begin_fit(owner, params) == 2
    assert ledger.begin_fit(second, params) == 2


def test_a_key_that_one_side_lacks_decides_nothing() -> None:
    ledger = FitLedger(0)
    one, other, third = Owner(), Owner(), Owner()
    key = object()
    assert [ledger.begin_fit(one), ledger.begin_fit(other, key), ledger.begin_fit(third)] == [1] * 3
    assert ledger.begin_fit(Owner(), object()) == 2


def test_one_key_over_two_fits_does_not_merge_them() -> None:
    # A CallbackList that is passed to `fit` twice keeps its params.
    ledger = FitLedger(0)
    key, owner = object(), Owner()
    assert ledger.begin_fit(owner, key) == 1
    ledger.note_progress()
    ledger.end_fit(owner)
    assert ledger.begin_fit(owner, key) == 2


def test_a_tag_belongs_to_the_first_owner_that_claims_it() -> None:
    ledger = FitLedger(0)
    one, other = Owner(), Owner()
    key = object()
    ledger.begin_fit(one, key)
    assert ledger.claim_tags(one, ("a", "b")) == ()
    ledger.begin_fit(other, key)
    assert ledger.claim_tags(other, ("b", "c", "a")) == ("b", "a")
    assert ledger.claim_tags(one, ("a", "b", "c")) == ("c",)
    assert ledger.claim_tags(other, ("c",)) == ()


def test_claims_last_until_the_next_fit_begins() -> None:
    ledger = FitLedger(0)
    one, other = Owner(), Owner()
    ledger.begin_fit(one)
    ledger.claim_tags(one, ("a",))
    ledger.end_fit(one)
    # The other callbacks of the fit end it a little later.
    assert ledger.claim_tags(other, ("a",)) == ("a",)
    ledger.begin_fit(other)
    assert ledger.claim_tags(other, ("a",)) == ()


def test_a_claim_ends_with_its_owner() -> None:
    ledger = FitLedger(0)
    one, other = Owner(), Owner()
    ledger.claim_tags(one, ("a",))
    del one
    gc.collect()
    assert ledger.claim_tags(other, ("a",)) == ()


def test_keras_hands_the_callbacks_of_one_fit_one_params_object_and_each_fit_another() -> None:
    import keras
    import numpy as np

    class Keeper(keras.callbacks.Callback):  # type: ignore[misc, unused-ignore]
        """Keeps the params of each fit."""

        def __init__(self) -> None:
            super().__init__()
            self.seen: list[object] = []

        def on_train_begin(self, logs: object = None) -> None:
            self.seen.append(self.params)

    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    one, other = Keeper(), Keeper()
    for _ in range(2):
        model.fit(np.zeros((2, 2)), np.zeros((2, 1)), callbacks=[one, other], verbose=0)
    assert one.seen[0] is other.seen[0]
    assert one.seen[1] is other.seen[1]
    assert one.seen[0] is not one.seen[1]
