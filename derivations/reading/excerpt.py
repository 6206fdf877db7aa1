"""Text taken from a document, which remembers where every character of it stood."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable


class Excerpt:
    """A string made of runs of the file.

    A run is either a copy (its characters stand one after the other in the file) or an insertion (a replacement, the
    body of a macro: all its characters stand at one place).  Offsets are code points of the file; ``end`` is the place
    just after the last character.
    """

    __slots__ = ("_copied", "_offsets", "_starts", "end", "text")

    def __init__(self, text: str, starts: list[int], offsets: list[int], copied: list[bool], end: int) -> None:
        self.text = text
        self._starts = starts  # position in ``text`` where each run begins
        self._offsets = offsets  # where that stands in the file
        self._copied = copied
        self.end = end

    @classmethod
    def of(cls, text: str, base: int = 0) -> Excerpt:
        """All of ``text``, which begins at the offset ``base`` of the file."""
        return cls(text, [0], [base], [True], base + len(text))

    def __len__(self) -> int:
        return len(self.text)

    def place(self, position: int) -> int:
        """The offset in the file of ``text[position]``; of the end, for ``len(text)``."""
        if position >= len(self.text):
            return self.end
        run = bisect_right(self._starts, position) - 1
        return self._offsets[run] + (position - self._starts[run] if self._copied[run] else 0)

    def places(self) -> tuple[int, ...]:
        """The offset of every character and of the end: ``len(text) + 1`` numbers."""
        found: list[int] = []
        for run, start in enumerate(self._starts):
            stop = self._starts[run + 1] if run + 1 < len(self._starts) else len(self.text)
            offset = self._offsets[run]
            found.extend(range(offset, offset + stop - start) if self._copied[run] else [offset] * (stop - start))
        found.append(self.end)
        return tuple(found)

    def cut(self, start: int, stop: int) -> Excerpt:
        """The characters from ``start`` up to ``stop``."""
        builder = ExcerptBuilder()
        builder.add(self, start, stop)
        return builder.build(self.place(stop) if stop < len(self.text) else self.end)

    def edit(self, edits: Iterable[tuple[int, int, str]]) -> Excerpt:
        """With each ``(start, stop, replacement)`` done; they are in order and do not overlap.

        A replacement stands where the replaced text began.
        """
        builder, position = ExcerptBuilder(), 0
        for start, stop, replacement in edits:
            builder.add(self, position, start)
            builder.insert(replacement, self.place(start))
            position = stop
        if not position and not len(builder):
            return self
        builder.add(self, position, len(self.text))
        return builder.build(self.end)

    def strip(self) -> Excerpt:
        """Without the white space around it."""
        start = len(self.text) - len(self.text.lstrip())
        stop = len(self.text.rstrip())
        return self if (start, stop) == (0, len(self.text)) else self.cut(start, max(start, stop))


class ExcerptBuilder:
    """Puts an excerpt together from parts of others."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._starts: list[int] = []
        self._offsets: list[int] = []
        self._copied: list[bool] = []
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def _run(self, text: str, offset: int, copied: bool) -> None:
        if not text:
            return
        if self._starts and self._copied[-1] and copied:
            # a run that goes on where the last one stopped is no new run
            if self._offsets[-1] + self._length - self._starts[-1] != offset:
                self._open(offset, copied)
        else:
            self._open(offset, copied)
        self._parts.append(text)
        self._length += len(text)

    def _open(self, offset: int, copied: bool) -> None:
        self._starts.append(self._length)
        self._offsets.append(offset)
        self._copied.append(copied)

    def copy(self, text: str, offset: int) -> None:
        """``text`` as it stands in the file at ``offset``."""
        self._run(text, offset, True)

    def insert(self, text: str, offset: int) -> None:
        """``text`` that is not in the file, for something at ``offset``."""
        self._run(text, offset, False)

    def add(self, excerpt: Excerpt, start: int = 0, stop: int | None = None) -> None:
        """``excerpt.text[start:stop]``, every character where it stood."""
        stop = len(excerpt.text) if stop is None else min(stop, len(excerpt.text))
        if start >= stop:
            return
        starts = excerpt._starts
        run = bisect_right(starts, start) - 1
        while start < stop:
            until = min(stop, starts[run + 1]) if run + 1 < len(starts) else stop
            offset, copied = excerpt._offsets[run], excerpt._copied[run]
            self._run(excerpt.text[start:until], offset + (start - starts[run] if copied else 0), copied)
            start, run = until, run + 1

    def tail(self, length: int) -> str:
        """The last characters that were added, up to ``length`` and perhaps more."""
        found: list[str] = []
        for part in reversed(self._parts):
            found.append(part)
            length -= len(part)
            if length <= 0:
                break
        return "".join(reversed(found))

    def mark(self) -> tuple[int, int, int]:
        """Where the builder stands, for `rewind`."""
        return len(self._parts), len(self._starts), self._length

    def rewind(self, mark: tuple[int, int, int]) -> None:
        """Forget what was added since the mark."""
        parts, runs, self._length = mark
        del self._parts[parts:], self._starts[runs:], self._offsets[runs:], self._copied[runs:]

    def build(self, end: int) -> Excerpt:
        """The excerpt; ``end`` is the offset just after it."""
        if not self._starts:
            return Excerpt("", [0], [end], [True], end)
        return Excerpt("".join(self._parts), self._starts, self._offsets, self._copied, end)


def joined(excerpts: list[Excerpt]) -> Excerpt:
    """One after the other."""
    builder = ExcerptBuilder()
    for excerpt in excerpts:
        builder.add(excerpt)
    return builder.build(excerpts[-1].end)
