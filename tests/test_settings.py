"""``analyzer.toml``: every key means something, and every command that tags knows the same rules."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import ROOT, SheetMaker
from pydantic import BaseModel

from analyzer import settings
from analyzer.cli import analyzer
from analyzer.cli.options import rules_in_force
from analyzer.errors import UsageError

SECTIONS = [
    one
    for name, one in vars(settings).items()
    if isinstance(one, type) and issubclass(one, BaseModel) and one is not BaseModel and not name.startswith("_")
]
KEYS = [(section, name) for section in SECTIONS for name in section.model_fields]
FOR_THE_RECORD = {("Currency", "as_of")}  # stands in the file for its reader alone


@pytest.mark.parametrize(("section", "key"), KEYS)
def test_every_key_says_what_it_is(section: type[BaseModel], key: str) -> None:
    assert section.model_fields[key].description


def test_every_key_is_read_somewhere() -> None:
    code = "\n".join(
        path.read_text(encoding="utf-8") for path in (ROOT / "analyzer").rglob("*.py") if path.name != "settings.py"
    )
    idle = {(section.__name__, key) for section, key in KEYS if not re.search(rf"\.{key}\b", code)}
    assert idle - FOR_THE_RECORD == set()


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        settings.parse('[company]\nhome = "Britain"\n[limits]\nworkers = 0\n[mial]\nhost = "x"\n', "analyzer.toml")
    said = str(caught.value)
    assert "3 faults" in said
    assert all(key in said for key in ("company.home", "limits.workers", "mial"))


@pytest.fixture
def own_rules(tmp_path: Path) -> Path:
    """A settings file that names a policy of the company's own beside it."""
    (tmp_path / "rules.toml").write_text('extends = "default"\nname = "ours"\nversion = "7"\n', encoding="utf-8")
    config = tmp_path / "analyzer.toml"
    config.write_text('policy = "rules.toml"\n[company]\nhome = "GB"\n', encoding="utf-8")
    return config


def test_the_policy_of_the_settings_lies_beside_them(own_rules: Path, tmp_path: Path) -> None:
    assert rules_in_force(None, own_rules, ()) == tmp_path / "rules.toml"
    assert rules_in_force(None, None, (tmp_path / "tasks.csv",)) == tmp_path / "rules.toml"
    assert rules_in_force(Path("mine.toml"), own_rules, ()) == Path("mine.toml")


@pytest.mark.usefixtures("own_rules")
def test_explain_knows_the_policy_of_the_settings(sheet: SheetMaker) -> None:
    tasks = sheet("Task | Provider | Delivery country\nPayroll | Brightline Ltd | India", name="tasks.csv")
    result = CliRunner().invoke(analyzer, ["explain", str(tasks), "Payroll"], standalone_mode=False)
    assert result.exception is None
    assert "Policy ours 7" in result.stdout
