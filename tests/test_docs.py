"""The documents say what the code does: parts made from it are compared, sessions executed, links followed."""

from __future__ import annotations

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import reference_pages
import report_case
from click.testing import CliRunner
from conftest import ROOT

from analyzer import messages, settings
from analyzer.cli import COMMANDS, analyzer
from analyzer.cli.boundary import guarded
from analyzer.errors import WORST_FIRST, AnalyzerError, ExitStatus
from analyzer.fields import Kind
from analyzer.report import Targets
from analyzer.runs import plan

DOCS = sorted((ROOT / "docs").glob("*.md"))
PAGES = [*DOCS, ROOT / "README.md", ROOT / "CONTRIBUTING.md"]
CHANGING = re.compile(
    r"\([0-9a-f]{12}\)|\d+(?= risks| rules| of \d)|(?<= of )\d+"
)  # with every word of the default policy


def page(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def blocks(text: str, language: str) -> list[str]:
    """Code blocks of a language, in order."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


# --- what is made from the code -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", DOCS, ids=lambda path: path.name)
def test_what_is_made_from_the_code_is_of_today(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert reference_pages.filled(text) == text, "write the pages anew: make docs"


def test_each_part_stands_on_one_page() -> None:
    used = [name for path in DOCS for _, name, _ in reference_pages.BLOCK.findall(path.read_text(encoding="utf-8"))]
    assert sorted(used) == sorted(reference_pages.BLOCKS)


def test_the_parts_are_complete() -> None:
    assert [code for code in messages.CATALOGUE if f"| `{code}` |" not in page("messages.md")] == []
    assert [name for name in COMMANDS if f"## `analyzer {name}" not in page("commands.md")] == []
    assert [name for name in settings.Mail.model_fields if f"| `{name}` |" not in page("settings.md")] == []
    assert [kind for kind in Kind if f"\n| {kind} |" not in page("inventory.md")] == []


# --- exit statuses --------------------------------------------------------------------------------------------------


def statuses() -> dict[int, str]:
    """What the page says of each status."""
    rows = re.findall(r"^\| (\d+) \| (.+)$", page("exit-statuses.md"), re.MULTILINE)
    return {int(number): said for number, said in rows}


def test_every_status_is_explained_and_the_worst_of_a_batch_named() -> None:
    assert list(statuses()) == [int(status) for status in ExitStatus]
    order = re.search(r"the worst wins: ([\d, ]+)\.", page("exit-statuses.md"))
    assert order is not None
    assert [int(one) for one in order[1].split(",")] == [int(one) for one in WORST_FIRST if one is not ExitStatus.USAGE]


@pytest.mark.parametrize("kind", AnalyzerError.__subclasses__())
def test_each_error_ends_with_the_status_the_page_gives_it(kind: type[AnalyzerError]) -> None:
    def fail() -> None:
        raise kind("No.")

    assert (kind.__doc__ or "").strip() in statuses()[guarded(fail)]


# --- sessions and snippets ------------------------------------------------------------------------------------------


def files_of(text: str) -> Iterator[tuple[str, str]]:
    """Names and contents of the files a page asks its reader to save: the block after a line that names one."""
    yield from re.findall(r"`([\w.-]+\.(?:toml|csv))`:\n\n```\w+\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def said(command: str) -> str:
    """What a command line of a document prints."""
    result = CliRunner().invoke(analyzer, shlex.split(command)[1:], standalone_mode=False)
    assert result.exception is None, command
    return result.stdout


def assert_shown(told: str, shown: str) -> None:
    """Whether a session shows what was told; ``...`` stands for lines left out."""
    told, shown = (CHANGING.sub("(n)", text) for text in (told, shown))
    parts = re.split(r"^\.\.\.\n", shown, flags=re.MULTILINE)
    assert told.startswith(parts[0])
    assert [part for part in parts if part not in told] == []


def test_adding_a_risk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = page("adding-a-risk.md")
    for name, content in files_of(text):
        Path(name).write_text(content, encoding="utf-8")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["my-risks.toml", "tasks.csv"]
    steps = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", "".join(blocks(text, "console")), re.MULTILINE)
    assert len(steps) == 3
    for command, shown in steps:
        assert_shown(said(command), shown)


def test_adding_a_field(tmp_path: Path) -> None:
    for name in ("analyzer", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    text = page("adding-a-field.md")
    for name, change in zip(("terms.py", "fields.py"), blocks(text, "diff"), strict=True):
        add(tmp_path / "analyzer" / name, change)
    with (tmp_path / "analyzer/intake/synonyms.toml").open("a", encoding="utf-8") as stream:
        stream.write("\n" + blocks(text, "toml")[0])
    (tmp_path / "tasks.csv").write_text(blocks(text, "csv")[0], encoding="utf-8")
    command, shown = blocks(text, "console")[0].removeprefix("$ analyzer ").split("\n", 1)
    done = subprocess.run(
        [sys.executable, "-m", "analyzer", *command.split()],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert_shown(done.stdout, shown)


def add(path: Path, change: str) -> None:
    """Put the line that a diff adds behind the one it stands behind."""
    before, added = (line[1:] + "\n" for line in change.splitlines())
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, before + added), encoding="utf-8")


def test_adding_an_output(tmp_path: Path) -> None:
    module: dict[str, object] = {}
    exec(compile(blocks(page("adding-an-output.md"), "python")[0], "listing.py", "exec"), module)  # noqa: S102 - our own document
    write = module["write_listing"]
    assert callable(write)
    case = report_case.case()
    write(case, tmp_path / "listing.txt")
    lines = (tmp_path / "listing.txt").read_text(encoding="utf-8").splitlines()
    assert len(lines) == case.summary.top.height
    assert all(line.endswith((": High", ": Medium", ": Low", ": Not assessed")) for line in lines)


def test_what_adding_an_output_names_is_there() -> None:
    text = page("adding-an-output.md")
    assert "`Targets`" in text
    assert {"workbook", "page", "digest"} <= set(Targets.__dataclass_fields__)
    assert isinstance(plan.Job.targets, property)
    assert ".report.html" in plan.OUTPUTS


@pytest.mark.parametrize("name", ["settings.md", "inventory.md", "scheduling-and-mail.md"])
def test_every_snippet_of_settings_is_right(name: str) -> None:
    snippets = blocks(page(name), "toml")
    assert snippets
    for snippet in snippets:
        assert settings.parse(snippet, name) != settings.Settings()


def test_the_mail_recipes_are_there() -> None:
    hosts = [settings.parse(snippet, "").mail for snippet in blocks(page("scheduling-and-mail.md"), "toml")]
    assert {"smtp.office365.com", "smtp.gmail.com", "localhost"} <= {mail.host for mail in hosts}
    microsoft = next(mail for mail in hosts if mail.host == "smtp.office365.com")
    assert microsoft.token_command
    assert not microsoft.password_env


# --- links ----------------------------------------------------------------------------------------------------------


def test_every_page_is_in_the_index() -> None:
    index = page("README.md")
    assert [path.name for path in DOCS if path.name != "README.md" and f"]({path.name})" not in index] == []


def test_every_link_leads_to_a_heading_that_is_there() -> None:
    missing = []
    for path in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#:\s]*\.md)#([^)]+)\)", path.read_text(encoding="utf-8")):
            headings = re.findall(r"^#+ (.+)$", (path.parent / target).read_text(encoding="utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings}
            if anchor not in anchors:
                missing.append(f"{path.name}: {target}#{anchor}")
    assert missing == []


def test_every_test_that_is_named_is_there() -> None:
    """A link to a test has the test's sentence as its text; the number of a case before it may be left out."""
    missing, named = [], 0
    for path in PAGES:
        for sentence, target in re.findall(
            r"\[([^\]]+)\]\(((?:\.\./)?tests/\w+\.py)\)", path.read_text(encoding="utf-8")
        ):
            named += 1
            if not any(test.endswith("_" + "_".join(sentence.split())) for test in names_of(path.parent / target)):
                missing.append(f"{path.name}: {target}: {sentence}")
    assert missing == []
    assert named >= 20


def names_of(path: Path) -> list[str]:
    """Names of a file's tests."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]


# --- reliability ----------------------------------------------------------------------------------------------------


def test_each_case_of_the_matrix_is_shown_by_a_test() -> None:
    numbers = {number for number in reference_pages.cases() if len(number) > 1}
    assert numbers - reference_pages.shown_by().keys() == set(), "cases without a test"
    assert reference_pages.shown_by().keys() - numbers == set(), "tests that bear the number of no case"
