"""Places of records are remembered up to a bound, those in use longest."""

from __future__ import annotations

from tb_nnviz.plugin.record_places import RecordPlaces, StoredRecord


def records(tag: str, num_steps: int, wall_time: float = 0.0) -> list[StoredRecord]:
    return [
        StoredRecord("run", tag, step, wall_time, (f"{tag} {step}",)) for step in range(num_steps)
    ]


def remembered(places: RecordPlaces, *tags: str) -> list[str]:
    return [tag for tag in tags if places.find("", "run", tag, 0) is not None]


def test_a_series_that_is_read_again_replaces_what_was_known() -> None:
    places = RecordPlaces()
    places.remember("", {"run": {"a": records("a", 3)}}, make_room=True)
    places.remember("", {"run": {"a": records("a", 2, wall_time=1.0)}}, make_room=False)
    assert places.find("", "run", "a", 2) is None
    found = places.find("", "run", "a", 1)
    assert found is not None
    assert found.wall_time == 1.0


def test_experiments_are_apart() -> None:
    places = RecordPlaces()
    places.remember("one", {"run": {"a": records("a", 1)}}, make_room=True)
    assert places.find("other", "run", "a", 0) is None


def test_the_series_that_was_used_longest_ago_makes_room() -> None:
    places = RecordPlaces(max_places=6)
    for tag in ("a", "b", "c"):
        places.remember("", {"run": {tag: records(tag, 2)}}, make_room=True)
    places.find("", "run", "a", 0)
    places.remember("", {"run": {"d": records("d", 1)}}, make_room=True)
    assert remembered(places, "a", "b", "c", "d") == ["a", "c", "d"]


def test_what_is_read_of_a_whole_log_makes_no_room_and_fills_what_there_is() -> None:
    places = RecordPlaces(max_places=6)
    places.remember("", {"run": {"z": records("z", 3)}}, make_room=True)
    whole = {"run": {tag: records(tag, 2) for tag in ("a", "b", "c")}}
    places.remember("", whole, make_room=False)
    assert remembered(places, "a", "b", "c", "z") == ["a", "z"]


def test_a_series_that_has_grown_beyond_all_room_is_forgotten_and_the_bound_holds() -> None:
    places = RecordPlaces(max_places=4)
    places.remember("", {"run": {"a": records("a", 2)}}, make_room=True)
    places.remember("", {"run": {"a": records("a", 5)}}, make_room=False)
    assert remembered(places, "a") == []
    places.remember("", {"run": {"b": records("b", 4)}}, make_room=False)
    assert remembered(places, "b") == ["b"]


def test_a_series_beyond_all_room_is_not_remembered_and_pushes_none_out() -> None:
    places = RecordPlaces(max_places=4)
    places.remember("", {"run": {"a": records("a", 2), "b": records("b", 2)}}, make_room=True)
    places.remember("", {"run": {"long": records("long", 5)}}, make_room=True)
    assert remembered(places, "a", "b", "long") == ["a", "b"]
    # Nor does one that has grown.
    places.remember("", {"run": {"a": records("a", 5)}}, make_room=True)
    places.remember("", {"run": {"c": records("c", 2)}}, make_room=True)
    assert remembered(places, "a", "b", "c") == ["b", "c"]
