"""Files as bytes and lines: compressed or not, told of as they are read, decoded strictly line by line."""

from __future__ import annotations

import gzip
import io
import os
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from mnesis.errors import BadInput, Malformed, NotFound
from mnesis.text.read import Seen

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BLOCK = 1 << 18
PROSE = (".md", ".markdown", ".txt", ".text")
GZIP = b"\x1f\x8b"
BOM = b"\xef\xbb\xbf"
WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its end. `text` is empty where `problem` says why it cannot be read."""

    number: int
    text: str
    problem: str = ""


def named(path: Path) -> str:
    """The name a file goes by in sources and messages: the same whether it is compressed or not.

    >>> named(Path("chats/may.jsonl.gz"))
    'may.jsonl'
    """
    return path.name.removesuffix(".gz")


def kind(path: Path) -> str:
    """The suffix that tells the format, in small letters.

    >>> kind(Path("May.CSV.gz"))
    '.csv'
    """
    return Path(named(path)).suffix.lower()


def is_folder(path: Path) -> bool:
    """Whether a path is a folder rather than a file; it must be there and be seen."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError) as err:
        raise NotFound(f"There is no file at {path}; check the path.") from err
    except (OSError, ValueError) as err:
        raise BadInput(f"{str(path)!r} cannot be opened ({err}); check that you are allowed to read it.") from err


def text_files(folder: Path, refused: list[str]) -> Iterator[Path]:
    """Text files under a folder in name order, without hidden ones; `refused` gets folders that cannot be listed."""

    def note(err: OSError) -> None:
        if Path(err.filename) == folder:
            raise BadInput(f"{folder} cannot be listed ({err.strerror}); check that you are allowed to read it.")
        refused.append(Path(err.filename).relative_to(folder).as_posix())

    for place, folders, files in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(files) if not name.startswith(".") and is_text(Path(name)))


def is_text(path: Path) -> bool:
    """Whether a file's suffix says it is text to be read section by section."""
    return kind(path) in PROSE


@contextmanager
def opened(path: Path, seen: Seen | None = None) -> Iterator[BinaryIO]:
    """A file as a stream of bytes, unpacked when it is compressed; failures become sentences."""
    if is_folder(path):
        raise BadInput(f"{path} is a folder; name a file in it, or read the folder with format='markdown'.")
    try:
        raw = path.open("rb", buffering=0)
    except OSError as err:
        raise BadInput(f"{path} cannot be opened ({err.strerror}); check that you are allowed to read it.") from err
    with raw:
        stream: BinaryIO = io.BufferedReader(cast(io.RawIOBase, _Told(raw, seen)), BLOCK)
        if cast(io.BufferedReader, stream).peek(2)[:2] == GZIP:
            stream = cast(BinaryIO, gzip.GzipFile(fileobj=stream))
        try:
            yield stream
        except (EOFError, zlib.error, gzip.BadGzipFile) as err:
            raise Malformed(path.name, f"the compressed file is damaged or cut short ({err}); fetch it again.") from err


def head(path: Path, size: int = BLOCK) -> bytes:
    """The first bytes of a file, unpacked."""
    with opened(path) as stream:
        return stream.read(size).removeprefix(BOM)


def lines(path: Path, seen: Seen | None = None) -> Iterator[Line]:
    """The lines of a file; a line that is not UTF-8 comes as its problem, with the place of the first bad byte."""
    offset = 0
    with opened(path, seen) as stream:
        for number, raw in enumerate(stream, 1):
            if number == 1:
                refuse_wide(path, raw)
            yield _line(number, raw, offset)
            offset += len(raw)


def refuse_wide(path: Path, start: bytes) -> None:
    """Say so when a file begins like UTF-16, which would otherwise come out as a fault on every line."""
    if start.startswith(WIDE):
        raise BadInput(f"{path} is written in UTF-16; save it as UTF-8 and read it again.")


def not_utf8(offset: int, byte: int) -> str:
    """The sentence for a byte that is not UTF-8."""
    return f"byte {offset} (0x{byte:02x}) is not UTF-8; save the file as UTF-8."


def _line(number: int, raw: bytes, offset: int) -> Line:
    body = raw.rstrip(b"\r\n")
    skipped = len(BOM) if number == 1 and body.startswith(BOM) else 0
    try:
        return Line(number, body[skipped:].decode("utf-8"))
    except UnicodeDecodeError as err:
        at = skipped + err.start
        return Line(number, "", not_utf8(offset + at, body[at]))


class _Told(io.RawIOBase):
    """A raw file that tells how much of it was read; a class because io wants one."""

    def __init__(self, raw: io.FileIO, seen: Seen | None) -> None:
        self._raw = raw
        self._seen = seen

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        count = self._raw.readinto(buffer)
        if self._seen is not None and count:
            self._seen(count)
        return count
