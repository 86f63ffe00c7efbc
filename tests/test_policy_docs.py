"""docs/policy.md: every key documented, its console session and its snippets true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import BaseModel

from analyzer import policy, risks
from analyzer.cli import analyzer
from analyzer.policy import schema
from analyzer.policy.vocabulary import FACTS, GROUPS

DOC = Path(__file__).parent.parent / "docs" / "policy.md"
TEXT = DOC.read_text(encoding="utf-8")
HASH = re.compile(r"\([0-9a-f]{12}\)")


def block(language: str, number: int = 0) -> str:
    """The n-th code block of a language."""
    found: list[str] = re.findall(rf"^```{language}\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
    return found[number]


MODELS = [one for one in vars(schema).values() if isinstance(one, type) and issubclass(one, BaseModel)]


@pytest.mark.parametrize("model", [one for one in MODELS if not one.__name__.startswith(("_", "Base"))])
def test_every_key_is_documented_in_the_words_of_the_schema(model: type[BaseModel]) -> None:
    lines = [line for line in TEXT.splitlines() if line.startswith("| `")]
    for name, field in model.model_fields.items():
        assert field.description, name
        keys = [line for line in lines if line.startswith(f"| `{field.alias or name}` | ")]
        assert keys, f"{model.__name__}.{name}"


def test_every_fact_and_measure_is_documented() -> None:
    assert [name for name in FACTS if f"| `{name}` | " not in TEXT] == []
    assert [name for group, names in GROUPS.items() for name in names if f"| `{group}` | `{name}` |" not in TEXT] == []


def test_the_console_session_is_true(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("my-rules.toml").write_text(block("toml"), encoding="utf-8")
    Path("tasks.csv").write_text(block("csv"), encoding="utf-8")
    session = block("console")
    commands = [line for line in session.splitlines() if line.startswith("$ ")]
    assert len(commands) == 3
    said = []
    for line in commands:
        arguments = re.findall(r'"([^"]*)"|(\S+)', line.removeprefix("$ analyzer "))
        result = CliRunner().invoke(analyzer, [quoted or word for quoted, word in arguments], standalone_mode=False)
        assert result.exception is None
        said.append(f"{line}\n{result.stdout}")
    for told, shown in zip(said, re.split(r"^(?=\$ )", session, flags=re.MULTILINE)[1:], strict=True):
        head, *tail = shown.split("...\n")
        assert scrubbed(told).startswith(scrubbed(head))
        assert all(scrubbed(part.strip("\n")) in scrubbed(told) for part in tail)


def scrubbed(text: str) -> str:
    """Without hashes, which change with every word of a policy."""
    return HASH.sub("(hash)", text)


def test_the_example_in_the_document_passes() -> None:
    rules = policy.parse(f'name = "mine"\nversion = "1"\nextends = "default"\n{block("toml", 1)}', "mine.toml")
    trials = [trial for trial in risks.try_examples(rules).trials if trial.risk == "misaligned-interests"]
    assert [(trial.expected, trial.passed) for trial in trials] == [("55 Medium", True), ("55 -> 43 Medium", True)]


def test_the_fault_in_the_document_is_what_is_said(tmp_path: Path) -> None:
    shown = block("text").strip()
    text = 'extends = "default"\nname = "mine"\nversion = "1"\n\n\n\n[scoring]\n  flor = 3\n'
    result = CliRunner().invoke(analyzer, ["policy", "check", str(written(tmp_path, text))])
    assert f"{result.exception}".splitlines()[1].strip().endswith(shown.removeprefix("my-rules.toml"))


def written(folder: Path, text: str) -> Path:
    path = folder / "my-rules.toml"
    path.write_text(text, encoding="utf-8")
    return path
