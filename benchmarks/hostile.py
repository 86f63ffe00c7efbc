"""Tiny files that kill readers: a cell at the end of the sheet, false counts, bombs, entities. Made, never stored.

``python -m benchmarks.hostile`` checks each in a process of its own and prints status, seconds and MB; it ends with 1
where one is not refused within 5 s and 500 MB.
"""

from __future__ import annotations

import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    "</Types>"
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>"
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    ' xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="Tasks" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>"
)
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
NO_STRINGS = f'<?xml version="1.0"?><sst {MAIN} count="0" uniqueCount="0"/>'
HEADER = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>Task</t></is></c><c r="B1" t="inlineStr"><is><t>Provider</t></is></c>'
    '<c r="C1" t="inlineStr"><is><t>Country</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>Payroll</t></is></c><c r="B2" t="inlineStr"><is><t>Acme BPO</t></is></c>'
    '<c r="C2" t="inlineStr"><is><t>GB</t></is></c></row>'
)


def sheet(rows: str, before: str = "") -> str:
    """A worksheet part around rows."""
    return f'<?xml version="1.0"?>{before}<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>'


def package(path: Path, sheet_xml: str, strings: str = NO_STRINGS, extra: dict[str, bytes] | None = None) -> Path:
    """A package of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in {
            "[Content_Types].xml": TYPES,
            "_rels/.rels": RELS,
            "xl/workbook.xml": BOOK,
            "xl/_rels/workbook.xml.rels": BOOK_RELS,
            "xl/worksheets/sheet1.xml": sheet_xml,
            "xl/sharedStrings.xml": strings,
        }.items():
            made.writestr(name, content)
        for name, data in (extra or {}).items():
            made.writestr(name, data)
    return path


def far_cell(path: Path) -> Path:
    """A stray value in the last cell of the last column: 549 GB to a reader that fills the rectangle."""
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return package(path, sheet(HEADER + far))


def false_count(path: Path) -> Path:
    """A string table that says it holds four billion strings."""
    strings = f'<?xml version="1.0"?><sst {MAIN} count="4294967295" uniqueCount="4294967295"/>'
    return package(path, sheet(HEADER), strings)


def ratio_bomb(path: Path) -> Path:
    """A sheet that unpacks to 400 MB."""
    head, tail = sheet(HEADER + "|").split("|")
    return swollen(path, head, " ", 400, tail)


def long_string(path: Path) -> Path:
    """One text of 300 MB."""
    text = '<row r="3"><c r="A3" t="inlineStr"><is><t>|</t></is></c></row>'
    head, tail = sheet(HEADER + text).split("|")
    return swollen(path, head, "a", 300, tail)


def swollen(path: Path, head: str, filling: str, megabytes: int, tail: str) -> Path:
    """A package whose sheet holds megabytes of one letter, written piece by piece."""
    package(path, "")
    parts = zipfile.ZipFile(path)
    kept = {name: parts.read(name) for name in parts.namelist() if "sheet1" not in name}
    parts.close()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in kept.items():
            made.writestr(name, content)
        with made.open("xl/worksheets/sheet1.xml", "w", force_zip64=False) as part:
            part.write(head.encode())
            for _ in range(megabytes):
                part.write(filling.encode() * 1_000_000)
            part.write(tail.encode())
    return path


def many_entries(path: Path) -> Path:
    """Twenty thousand parts."""
    return package(path, sheet(HEADER), extra={f"xl/junk/{number}.bin": b"" for number in range(20_000)})


def listed_parts(path: Path) -> Path:
    """A list of 400,000 parts that all lie at the same place."""
    package(path, sheet(HEADER))
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    first = data[start : data.index(b"PK\x01\x02", start + 4)]
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 0xFFFF, 0xFFFF, len(first) * 400_000, start, 0)
    path.write_bytes(data[:start] + first * 400_000 + end)
    return path


def nested(path: Path) -> Path:
    """A sound workbook with an embedded archive that unpacks to 400 MB."""
    bomb = swollen(path, "", " ", 400, "").read_bytes()
    with zipfile.ZipFile(package(path, sheet(HEADER)), "a") as made:
        made.writestr("xl/embeddings/archive.zip", bomb)
    return path


def entities(path: Path) -> Path:
    """Entities that double nine times ten."""
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<!DOCTYPE x [<!ENTITY e0 "aaaaaaaaaa">{lines}]>'
    row = '<row r="3"><c r="A3" t="inlineStr"><is><t>&e9;</t></is></c></row>'
    return package(path, sheet(HEADER + row, doctype))


def foreign_entity(path: Path) -> Path:
    """An entity that names a file of the machine."""
    doctype = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>'
    row = '<row r="3"><c r="A3" t="inlineStr"><is><t>&secret;</t></is></c></row>'
    return package(path, sheet(HEADER + row, doctype))


def repeated_cells(path: Path) -> Path:
    """An OpenDocument sheet whose one cell repeats over every row and column."""
    content = (
        '<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        '<table:table table:name="Tasks"><table:table-row table:number-rows-repeated="1048576">'
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="string"><text:p>x</text:p>'
        "</table:table-cell></table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        made.writestr("content.xml", content)
        made.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
            "</manifest:manifest>",
        )
    return path


MAKERS: dict[str, Callable[[Path], Path]] = {
    "false count.xlsx": false_count,
    "ratio bomb.xlsx": ratio_bomb,
    "long string.xlsx": long_string,
    "many entries.xlsx": many_entries,
    "listed parts.xlsx": listed_parts,
    "entities.xlsx": entities,
    "foreign entity.xlsx": foreign_entity,
    "repeated cells.ods": repeated_cells,
}

SECONDS, MEGABYTES = 5.0, 500.0


@dataclass(frozen=True, slots=True)
class Checked:
    """How `analyzer check` took a file: its status, what it said, seconds of wall time, MB of the largest process."""

    status: int
    said: str
    seconds: float
    megabytes: float


# a small process between: what a process starts inherits the memory that its parent had used
_MEASURED = """
import resource, subprocess, sys
status = subprocess.call(sys.argv[1:])
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
sys.exit(status)
"""


def check(path: Path) -> Checked:
    """Run `analyzer check` on a file in a process of its own."""
    return measured("check", str(path))


def measured(*words: str) -> Checked:
    """Run a command of the analyzer in a process of its own."""
    command = [sys.executable, "-c", _MEASURED, sys.executable, "-m", "analyzer", *words, "--home", "GB"]
    start = time.monotonic()
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    seconds = time.monotonic() - start
    said, _, kilobytes = process.stdout.rstrip().rpartition("\n")
    return Checked(process.returncode, said, seconds, int(kilobytes) / 1024)


def main() -> int:
    """Check every file and print a line each."""
    good = True
    with tempfile.TemporaryDirectory() as folder:
        for name, make in MAKERS.items():
            checked = check(make(Path(folder) / name))
            held = checked.status == 3 and checked.seconds < SECONDS and checked.megabytes < MEGABYTES
            good = good and held
            print(
                f"{name:20} status {checked.status} {checked.seconds:5.2f} s {checked.megabytes:6.0f} MB {'' if held else 'OVER'}"
            )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
