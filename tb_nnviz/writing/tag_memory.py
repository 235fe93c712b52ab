"""What a writer remembers of its tags: their kinds, the last values, and which pictures are logged.

Knows records; must not know logs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from tb_nnviz.records import Confusion, Record
from tb_nnviz.records.sample_pictures import ArrayPictures, PictureBook, PictureLimits
from tb_nnviz.writing.arguments import check_pictures


class TagMemory:
    """Of each tag.

    Attributes:
        kinds: what it holds.
        last_values: of histograms, to compare the next with.
    """

    def __init__(self) -> None:
        self.kinds: dict[str, str] = {}
        self.last_values: dict[str, NDArray[Any]] = {}
        # The pictures of each tag of confusions that are logged.
        self._books: dict[str, PictureBook] = {}

    def check_kind(self, tag: str, kind: str) -> None:
        """Raises where the tag holds records of another kind."""
        logged = self.kinds.get(tag, kind)
        if logged != kind:
            raise ValueError(
                f"The `tag` argument must name records of one kind; got {tag!r} for a record of "
                f"kind {kind!r}, and the writer has logged {logged!r} under it. Give it a tag of "
                "its own."
            )

    def illustrate(
        self, tag: str, record: Confusion, samples: NDArray[Any]
    ) -> tuple[Confusion, Callable[[], Record] | None]:
        """The confusion with the addresses of its pictures, and what builds the new ones."""
        axes = check_pictures(samples, record.num_samples)
        book = self._books.get(tag)
        if book is None:
            limits = PictureLimits.of(samples.shape[1:], axes[1:], record.num_samples)
            book = self._books[tag] = PictureBook(limits)
        gray = samples[..., 0] if samples.ndim > len(axes) else samples
        return book.illustrate(record, ArrayPictures(gray, axes))

    def let_go(self) -> None:
        """Forgets values and pictures; the kinds stay."""
        self.last_values.clear()
        self._books.clear()
