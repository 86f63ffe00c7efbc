"""A disk that is full at the n-th call of a step of ``analyzer.files``, the one seam for faults."""

import errno
import os
from collections.abc import Callable, Iterator
from typing import IO, Any, Self

import pytest

from analyzer import files
from analyzer.errors import WriteError

OPENING = ("open_new", "open_only_new", "open_to_append")
STEPS = (*OPENING, "make_folder", "sync", "rename", "sync_folder")


def refusal(work: Callable[[], object]) -> WriteError | None:
    """The error of some work that could not write, None where it could."""
    try:
        work()
    except WriteError as error:
        return error
    return None


class Disk:
    """It has no room at one call of one step, and room again after."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.failing, self.at, self.calls, self.freed = "", 0, 0, False
        for name in STEPS:
            monkeypatch.setattr(files, name, self._watched(name, getattr(files, name)))

    def full_at(self, step: str, stride: int = 1) -> Iterator[int]:
        """Fail at the 1st call of a step, then at the 2nd (or ``stride`` later) ..., until one is not reached."""
        self.failing, self.at, self.calls = step, 1 - stride, 1
        while self.struck:
            self.at, self.calls, self.freed = self.at + stride, 0, False
            yield self.at
        self.free()

    @property
    def struck(self) -> bool:
        """Whether the call that fails was reached."""
        return self.calls >= self.at

    def free(self) -> None:
        """Have room until the next point."""
        self.freed = True

    def step(self, name: str) -> None:
        """A call of a step."""
        if name == self.failing and not self.freed:
            self.calls += 1
            if self.calls == self.at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _watched(self, name: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            if not (name == "make_folder" and arguments[0].is_dir()):  # a folder that is there needs no room
                self.step(name)
            made = step(*arguments)
            return Stream(made, self) if name in OPENING else made

        return call


class Stream:
    """An open file on such a disk."""

    def __init__(self, stream: IO[bytes], disk: Disk) -> None:
        self._stream, self._disk = stream, disk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, content: bytes) -> int:
        """Half of it arrives where there is no room for the whole."""
        try:
            self._disk.step("write")
        except OSError:
            self._stream.write(content[: len(content) // 2])
            raise
        return self._stream.write(content)
