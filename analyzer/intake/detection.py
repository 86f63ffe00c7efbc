"""What a file is, by its content and never by its name, and a plain refusal where it is no spreadsheet."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import RefusedError
from analyzer.xlsx import Limits
from analyzer.xlsx.container import Container, Entry

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
_SIGNATURES: tuple[tuple[bytes, str], ...] = (  # first bytes: what the file is
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"BM", "a picture (BMP)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file (gzip)"),
    (b"7z\xbc\xaf'\x1c", "a compressed file (7z)"),
    (b"Rar!", "a compressed file (RAR)"),
    (b"BZh", "a compressed file (bzip2)"),
    (b"\xfd7zXZ", "a compressed file (xz)"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3", "a database (SQLite)"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_TEXT_SIGNATURES: tuple[tuple[str, str], ...] = (  # the start of a text, in small letters
    ("version https://git-lfs", "a git-LFS pointer: the spreadsheet itself lies elsewhere"),
    ("<!doctype html", "a web page (HTML)"),
    ("<html", "a web page (HTML)"),
    ("<table", "a web page (HTML)"),
    ("from: ", "a mail"),
    ("mime-version:", "a web archive (MHTML)"),
)
_SAVE_AS = "Open it in Excel or LibreOffice and save it as .xlsx, then run again"
_BIFF = {0x0009: "Excel 2.0", 0x0209: "Excel 3.0", 0x0409: "Excel 4.0"}  # BOF records of books without a container
_SCAN = 4 * 1024 * 1024
_EXPORT = "Export the inventory as .xlsx or .csv"
_MARKUP = (  # what a text that starts with "<" holds: what it is
    ("urn:schemas-microsoft-com:office:spreadsheet", "an XML spreadsheet of 2003"),
    ("office:document", "a flat OpenDocument file"),
    ("<html", "a web page (HTML)"),
    ("<?xml", "an XML file"),
)
_WIDE = 0.7  # share of zero bytes in one half of a UTF-16 text
_MOST_CONTROLS = 0.02  # share of control characters that a text may hold
_OWNER_FILE, _OWNER_NAME = 200, 55  # bytes at most
_TEXT_CONTROLS = bytes({*range(32)} - {9, 10, 13, 27, 0})  # that no text holds


@dataclass(frozen=True, slots=True)
class Detected:
    """``kind`` is xlsx, xlsm, xlsb, xls, ods or csv; ``note`` says so where the name claims something else."""

    kind: str
    note: str = ""


def detect(path: Path, limits: Limits) -> Detected:
    """The kind of a spreadsheet file.

    Raises ``RefusedError`` for a package over its limits, and for a file that is none, naming what it is: empty, half
    copied, encrypted, a lock file, a pointer, a document, a picture, a web page.
    """
    try:
        with path.open("rb") as stream:
            head = stream.read(4096)
        size = path.stat().st_size
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        raise _refused(path, f"The file cannot be opened: {reason}", "Check the path and the permissions") from None
    if not head:
        raise _refused(path, "The file is empty (0 bytes)", "Copy it again from where it came")
    if _is_lock(path, head, size):
        raise _refused(
            path,
            "This is the lock file that Excel or LibreOffice keeps while a workbook is open, not the workbook",
            f"Give the workbook itself: {path.name.removeprefix('~$').removeprefix('.~lock.').removesuffix('#')}",
        )
    kind = _container(path, head, limits)
    return Detected(kind, _disguise(path, kind))


def _refused(path: Path, message: str, hint: str = "") -> RefusedError:
    return RefusedError(message, where=path.name, hint=hint)


def _is_lock(path: Path, head: bytes, size: int) -> bool:
    """An owner file: a length byte, the user's name padded to 55 bytes, then the name again in UTF-16."""
    name = head[1 : 1 + head[0]]
    owner = size <= _OWNER_FILE and 0 < head[0] <= _OWNER_NAME and name.isascii() and b"\x00" in head[_OWNER_NAME:]
    return owner or (path.name.startswith(("~$", ".~lock.")) and size < len(head) + 1)


def _container(path: Path, head: bytes, limits: Limits) -> str:
    if head.startswith((ZIP, b"PK\x05\x06")):
        return _zip_kind(path, limits)
    if head.startswith(OLE):
        return _ole_kind(path)
    if int.from_bytes(head[:2], "little") in _BIFF and head[2:3] in {b"\x04", b"\x06", b"\x08"}:
        version = _BIFF[int.from_bytes(head[:2], "little")]
        raise _refused(path, f"This is an {version} sheet, older than this program reads", _SAVE_AS)
    if head[:4] == b"\x09\x08\x10\x00" or head[:4] == b"\x09\x08\x08\x00":
        return "xls"  # a workbook stream without its container
    for signature, what in _SIGNATURES:
        if head.startswith(signature) and not (len(signature) < len(ZIP) and head.isascii()):
            raise _refused(path, f"This is {what}, not a spreadsheet", _EXPORT)
    _text_kind(path, head)
    return "csv"


def _text_kind(path: Path, head: bytes) -> None:
    """Refuse texts that are no table by their first words, and what is no text at all."""
    text = head.decode("utf-16" if head[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "ignore")
    start = text.lstrip("\ufeff \t\r\n").lower()
    for signature, what in _TEXT_SIGNATURES:
        if start.startswith(signature):
            hint = "Fetch it first: git lfs pull" if "git-lfs" in signature else _SAVE_AS
            raise _refused(path, f"This is {what}", hint)
    if start.startswith("<"):
        what = next((what for word, what in _MARKUP if word in start), "")
        if what:
            raise _refused(path, f"This is {what}, which this program does not read", _SAVE_AS)
    if start[:1] in {"{", "["} and '":' in start.replace(" ", ""):
        raise _refused(path, "This is a JSON file, not a spreadsheet", _EXPORT)
    if start.startswith("id;p") and "\nc;" in start.replace("\r", "\n"):
        raise _refused(path, "This is a SYLK file, which this program does not read", _SAVE_AS)
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise _refused(path, "The file holds nothing but blanks", "Copy it again from where it came")
    marked = head[:2] in {b"\xff\xfe", b"\xfe\xff"} or head[:3] == b"\xef\xbb\xbf" or _is_wide(head)
    if not marked and len(head) - len(head.translate(None, _TEXT_CONTROLS)) > len(head) * _MOST_CONTROLS:
        raise _refused(path, "This is neither a spreadsheet nor a text: its content is binary or damaged", _SAVE_AS)


def _is_wide(head: bytes) -> bool:
    """UTF-16 or UTF-32 without a mark: every other byte is zero."""
    pairs = len(head) // 2 or 1
    return max(head[::2].count(0), head[1::2].count(0)) > pairs * _WIDE


def _zip_kind(path: Path, limits: Limits) -> str:
    with Container(path, limits) as package:
        entries = {entry.key: entry for entry in package.entries}
        media, types = (_start(package, entries.get(name)) for name in ("mimetype", "[content_types].xml"))
    return _office_kind(path, set(entries), media.strip(), types.lower())


def _start(package: Container, entry: Entry | None) -> str:
    """The text that a part begins with."""
    head = b""
    for chunk in package.chunks(entry) if entry else ():
        head += chunk
        if len(head) >= _SCAN:
            break
    return head.decode("utf-8", "ignore")


def _office_kind(path: Path, names: set[str], media: str, types: str) -> str:
    others = (
        ("word/", "a Word document"),
        ("ppt/", "a PowerPoint presentation"),
        ("visio/", "a Visio drawing"),
        ("index/document.iwa", "a Numbers, Pages or Keynote file"),
        ("index.zip", "a Numbers, Pages or Keynote file"),
    )
    if media.startswith("application/vnd.oasis.opendocument"):
        if "spreadsheet" in media:
            return "ods"
        raise _refused(path, "This is an OpenDocument file, but not a spreadsheet", _SAVE_AS)
    if any(name.startswith("xl/") and name.endswith("workbook.bin") for name in names) or "sheet.binary" in types:
        return "xlsb"
    if any(name.endswith("workbook.xml") for name in names) or "spreadsheetml" in types:
        return "xlsm" if "macroenabled" in types else "xlsx"
    for prefix, what in others:
        if any(name.startswith(prefix) for name in names):
            raise _refused(path, f"This is {what}, not a spreadsheet", _SAVE_AS)
    books = sorted(name for name in names if name.endswith((".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".csv", ".tsv")))
    if books:
        raise _refused(
            path,
            f"This is a zip archive that holds {len(books)} spreadsheet{'s' if len(books) > 1 else ''}",
            "Unpack it first, then run on the files or their folder",
        )
    raise _refused(path, "This is a zip archive without a workbook in it", "Unpack it and give the spreadsheet itself")


def _ole_kind(path: Path) -> str:
    with path.open("rb") as stream:
        content = stream.read(_SCAN)
        stream.seek(max(0, path.stat().st_size - _SCAN))
        content += stream.read(_SCAN)

    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo") or holds("DataSpaces"):
        raise _refused(
            path,
            "The workbook needs a password to be opened",
            "Open it in Excel, save a copy without a password (File > Info > Protect Workbook), then run on the copy",
        )
    if holds("Workbook") or holds("WORKBOOK") or holds("Book"):
        return "xls"
    for name, what in (
        ("WordDocument", "a Word document"),
        ("PowerPoint Document", "a PowerPoint presentation"),
        ("VisioDocument", "a Visio drawing"),
        ("__substg1.0", "an Outlook mail"),
    ):
        if holds(name):
            raise _refused(path, f"This is {what}, not a spreadsheet", _SAVE_AS)
    raise _refused(path, "This is an old Office file without a workbook in it, or it is damaged", _SAVE_AS)


def _disguise(path: Path, kind: str) -> str:
    claimed = path.suffix.lower().lstrip(".")
    kin = {
        "xlsx": {"xlsx", "xltx", "xlsm"},
        "xlsm": {"xlsm", "xltm", "xlam", "xlsx"},
        "xls": {"xls", "xlt", "xla"},
        "csv": {"csv", "tsv", "txt", "tab", "psv", "dat", ""},
    }.get(kind, {kind})
    return "" if claimed in kin else f"named .{claimed}, but its content is {kind}"
