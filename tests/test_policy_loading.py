"""Loading a policy: every fault at once with its place, overrides by id, and nothing but data."""

from __future__ import annotations

import tomllib
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer import policy
from analyzer.errors import ExitStatus, UsageError
from analyzer.policy import loading
from analyzer.policy.positions import positions

HEAD = 'name = "mine"\nversion = "1"\n'
EXTENDS = HEAD + 'extends = "default"\n'
NEAR = '[tables.near]\nas_of = 2026-01-01\ncountries = ["PL"]'
RISK = '[risk.r]\ntitle = "R"\nbase = 40\n'


def faults(text: str) -> list[str]:
    """The faults of a policy, without the file's name."""
    with pytest.raises(UsageError) as error:
        policy.parse(text, "mine.toml")
    assert error.value.status is ExitStatus.USAGE
    return [line.strip().removeprefix("mine.toml:") for line in error.value.message.splitlines()[1:]]


def test_the_default_policy_loads_and_is_told_by_a_hash() -> None:
    rules = policy.load(None)
    assert (rules.name, rules.version, len(rules.hash)) == ("default", "1.0", 12)
    assert len(rules.risks) == 18
    assert rules is policy.default()


PRICING = "risk.misaligned-interests.indicator.pricing.bands"
FAULTS = [
    '6:1: scoring.flor: unknown key; did you mean "floor"?',
    "8:1: bands.high: must be more than bands.medium",
    "11:1: risk.misaligned-interests.indicator.core.points: input should be less than or equal to 100",
    f'15:5: {PRICING}.0.field: no field is called "pricing_mode"; did you mean "pricing_model"?',
    f'16:25: {PRICING}.1.is: critical is never "critcal", but: critical, important, normal; did you mean "critical"?',
    f'17:25: {PRICING}.2.at_leest: unknown key; did you mean "at_least"?',
    "19:1: risk.misaligned-interests.control.no-credit: `when` needs `credit` beside it",
    "21:27: risk.misaligned-interests.control.no-credit.when.at_least: does not fit owner, which holds a text",
]


def test_j1_all_faults_come_at_once_with_line_column_key_and_nearest_name() -> None:
    text = (
        EXTENDS
        + """
[scoring]
flor = 3
[bands]
high = 30
[[risk.misaligned-interests.indicator]]
id = "core"
points = 200
[[risk.misaligned-interests.indicator]]
id = "pricing"
bands = [
  { field = "pricing_mode", is = "t_and_m", points = 3 },
  { field = "critical", is = "critcal", points = 3 },
  { field = "critical", at_leest = 3, points = 3 },
]
[[risk.misaligned-interests.control]]
id = "no-credit"
when = { field = "owner", at_least = 4 }
"""
    )
    assert faults(text) == FAULTS


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("name = 3\nversion = '1'", "1:1: name: input should be a valid string"),
        ('name = "mine"', "1:1: version: this key is missing"),
        (HEAD + "schema_version = 2", "3:1: schema_version: input should be 1"),
        (HEAD + RISK + 'colour = "red"', "6:1: risk.r.colour: unknown key"),
        (HEAD + '[risk."R R"]\ntitle = "x"\nbase = 1', "3:1: risk.R R.[key]: string should match pattern"),
        (HEAD + '[risk.r]\ntitle = "R"', "3:1: risk.r: a risk needs a base with indicators, or severity rules"),
        (HEAD + '[risk.r]\ntitle = "R"\nbase = 101', "5:1: risk.r.base"),
        (HEAD + '[risk.r]\ntitle = "R"\nbase = nan', "5:1: risk.r.base"),
        (HEAD + '[risk.r]\ntitle = "R"\nbase = true', "5:1: risk.r.base"),
        (HEAD + RISK + "applies = { is = true }", "6:1: risk.r.applies: names no field"),
        (HEAD + RISK + 'applies = { field = "core" }', "6:1: risk.r.applies: says no test"),
        (HEAD + RISK + "applies = { all = [] }", "6:13: risk.r.applies.all: is empty"),
        (HEAD + RISK + 'applies = { field = "core", in = [] }', "6:29: risk.r.applies.in: is empty"),
        (HEAD + RISK + 'applies = { field = "fte", is = "4" }', "6:28: risk.r.applies.is: does not fit fte"),
        (HEAD + RISK + 'applies = { field = "owner", is = true }', "6:30: risk.r.applies.is: owner is no yes-no field"),
        (HEAD + RISK + 'applies = { always = true, field = "core", is = true }', "6:1: risk.r.applies: mixes always"),
        (
            HEAD + RISK + 'applies = { not = { field = "cor", is = true } }',
            '6:21: risk.r.applies.not.field: no field is called "cor"; did you mean "core"?',
        ),
        (
            HEAD + RISK + 'applies = { field = "home", in_table = "nera" }\n' + NEAR,
            '6:29: risk.r.applies.in_table: no table is called "nera"; did you mean "near"?',
        ),
        (HEAD + RISK + 'applies = { field = "end_date", past = 1 }', "6:33: risk.r.applies.past"),
        (HEAD + RISK + 'applies = { field = "end_date", within = "2 weeks" }', "6:33: risk.r.applies.within"),
        (HEAD + RISK + '[[risk.r.indicator]]\nid = "a"\npoints = 3', "6:1: risk.r.indicator.a: takes either `when` or"),
        (
            HEAD + RISK + '[[risk.r.indicator]]\nid = "a"\nwhen = { always = true }',
            "6:1: risk.r.indicator.a: `when` needs `points` beside it",
        ),
        (
            HEAD
            + '[risk.r]\ntitle = "R"\n'
            + '[[risk.r.rule]]\nid = "a"\nwhen = { always = true }\nseverity = "Low"\n'
            + '[[risk.r.control]]\nid = "b"\nwhen = { always = true }\ncredit = 0.1',
            "9:1: risk.r.control.b: `when` needs `lowers_to` beside it",
        ),
        (
            HEAD + RISK + '[[risk.r.rule]]\nid = "a"\nwhen = { always = true }\nseverity = "Low"',
            "6:1: risk.r.rule: a risk with a base takes indicators and controls, not severity rules",
        ),
        (
            HEAD + '[risk.r]\ntitle = "R"\n[[risk.r.indicator]]\nid = "a"\nwhen = { always = true }\npoints = 1',
            "5:1: risk.r.indicator: indicators need a base to add to",
        ),
        (
            HEAD + '[risk.r]\ntitle = "R"\nof = "provider"\nbase = 3',
            "5:1: risk.r.of: a risk of a group takes severity rules only",
        ),
        (
            HEAD
            + RISK
            + '[[risk.r.indicator]]\nid = "a"\nwhen = { always = true }\npoints = 1\n'
            + '[[risk.r.control]]\nid = "a"\nwhen = { always = true }\ncredit = 0.1',
            '11:1: risk.r.control.a.id: "a" stands twice',
        ),
        (
            HEAD + RISK + '[[risk.r.indicator]]\nid = "a"\npoints = 1\nwhen = { always = true }\nbecause = "{colour}"',
            "10:1: risk.r.indicator.a.because: no field is called {colour}",
        ),
        (HEAD + "[tables.near]\nas_of = 2026-01-01\ncountries = []", "5:1: tables.near.countries: lists no country"),
        (HEAD + '[tables.near]\nas_of = "2026"\ncountries = ["PL"]', "4:1: tables.near.as_of"),
        (HEAD + '[tables.near]\nas_of = 2026-01-01\ncountries = ["Poland"]', "5:14: tables.near.countries.0"),
        (HEAD + "[feasibility.hidden_cost]\nlow = 0.6", "3:1: feasibility.hidden_cost: low, base"),
        (
            HEAD + '[[feasibility.hint]]\nid = "h"\nwords = ["x"]\nfields = ["task"]\nsuggests = "y"',
            '3:1: feasibility.hint.h: no field is called "task"',
        ),
        (
            HEAD + '[[feasibility.offshore]]\nid = "g"\nverdict = "maybe"\nbecause = "x"\nwhen = { always = true }',
            "5:1: feasibility.offshore.g.verdict",
        ),
    ],
)  # fmt: skip
def test_j1_a_fault_is_named_with_its_place(text: str, fault: str) -> None:
    assert any(line.startswith(fault) for line in faults(text)), faults(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("name = ", "Not valid TOML: Invalid value (at end of document)"),
        ('name = "a"\nname = "b"', "Not valid TOML: Cannot overwrite a value"),
        ("name = 3 4", "mine.toml:1:10: Not valid TOML"),
        ("a = " + "[" * 3000, "Nested too deep"),
        ("a = " + "[" * 60 + "]" * 60, "Nested deeper than 24 levels"),
        (EXTENDS + 'extends_version = "0.9"', 'the default policy is version "1.0", not "0.9"'),
    ],
)
def test_j1_a_file_that_is_no_policy_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as error:
        policy.parse(text, "mine.toml")
    assert message in str(error.value)
    assert "mine.toml" in str(error.value)


def test_files_that_cannot_be_read_are_refused(tmp_path: Path) -> None:
    big, latin = tmp_path / "big.toml", tmp_path / "latin.toml"
    big.write_bytes(b"#" * (loading.MAX_BYTES + 1))
    latin.write_bytes(b'name = "\xe9"')
    for path, message in (
        (tmp_path / "none.toml", "No such file or directory"),
        (tmp_path, "Is a directory"),
        (latin, "not UTF-8"),
        (big, "at most 1,000,000 bytes"),
    ):
        with pytest.raises(UsageError, match=message):
            policy.load(path)


def test_j4_too_many_rules_are_refused() -> None:
    rules = "".join(
        f'[[risk.r.indicator]]\nid = "a{n}"\nwhen = {{ always = true }}\npoints = 1\n'
        for n in range(loading.MAX_RULES + 1)
    )
    assert faults(HEAD + RISK + rules) == ["1:1: risk: 2,001 rules; at most 2,000 are allowed"]


def test_j4_no_condition_takes_a_pattern_that_could_run_for_ever() -> None:
    rule = '[[risk.r.indicator]]\nid = "a"\npoints = 1\nwhen = { field = "provider", matches = "(a+)+$" }\n'
    (fault,) = faults(HEAD + RISK + rule)
    assert '"matches"' in fault or "matches" in fault


def test_j4_a_file_without_end_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + "#" * loading.MAX_BYTES, encoding="utf-8")
    with pytest.raises(UsageError, match="at most 1,000,000 bytes"):
        policy.load(path)


def test_j4_conditions_within_conditions_end_at_a_depth() -> None:
    nested = '{ field = "provider", is = "a" }'
    for _ in range(30):
        nested = f"{{ all = [{nested}] }}"
    rule = f'[[risk.r.indicator]]\nid = "a"\npoints = 1\nwhen = {nested}\n'
    with pytest.raises(UsageError, match="Nested deeper than 24 levels"):
        policy.parse(HEAD + RISK + rule, "mine.toml")


@pytest.mark.parametrize("hostile", ["__import__('os').system('id')", "${HOME}", "{value.__class__}", "{{ 7*7 }}"])
def test_j5_words_of_a_policy_stay_words(hostile: str) -> None:
    rules = policy.parse(f"{HEAD}{RISK}description = '''{hostile}'''", "mine.toml")
    assert rules.risk["r"].description == hostile


# A company's own file over the default one


def test_a_rule_is_overridden_by_its_id_and_the_rest_stays() -> None:
    rules = policy.parse(
        EXTENDS + '[[risk.local-hiring-criticism.indicator]]\nid = "customer-facing"\npoints = 20', "mine.toml"
    )
    mine, default = (one.risk["local-hiring-criticism"] for one in (rules, policy.default()))
    assert [rule.id for rule in mine.indicator] == [rule.id for rule in default.indicator]
    changed = [after for before, after in zip(default.indicator, mine.indicator, strict=True) if before != after]
    assert [(rule.id, rule.points) for rule in changed] == [("customer-facing", 20)]
    assert rules.hash != policy.default().hash


def test_new_rules_are_added_and_rules_and_risks_switched_off() -> None:
    rules = policy.parse(
        EXTENDS
        + """
[[risk.misaligned-interests.indicator]]
id = "language"
when = { field = "language", given = true }
points = 2
[[risk.misaligned-interests.control]]
id = "owner"
off = true
[risk.brand-exposure]
off = true
""",
        "mine.toml",
    )
    assert rules.risk["misaligned-interests"].indicator[-1].id == "language"
    assert "brand-exposure" not in rules.risks
    assert "brand-exposure" not in rules.titles()


def test_a_rule_rewritten_with_when_loses_its_bands_and_the_other_way_round() -> None:
    rules = policy.parse(
        EXTENDS
        + """
[[risk.misaligned-interests.indicator]]
id = "pricing"
when = { field = "pricing_model", is = "t_and_m" }
points = 9
[[risk.misaligned-interests.indicator]]
id = "core"
bands = [{ field = "core", is = "yes", points = 9 }, { is = "partly", points = 4 }]
""",
        "mine.toml",
    )
    by_id = {rule.id: rule for rule in rules.risk["misaligned-interests"].indicator}
    assert (by_id["pricing"].bands, by_id["pricing"].points) == ((), 9)
    assert (by_id["core"].when, len(by_id["core"].bands)) == (None, 2)


def test_a_policy_without_extends_stands_alone() -> None:
    assert list(policy.parse(HEAD + RISK, "mine.toml").risk) == ["r"]


def test_the_same_rules_have_the_same_hash_whatever_their_spelling() -> None:
    one = policy.parse(HEAD + RISK, "one.toml")
    other = policy.parse(f"# a comment\n{HEAD}\n[risk]\nr = {{ base = 40.0, title = 'R' }}", "other.toml")
    assert one.hash == other.hash


def test_the_json_schema_takes_the_default_policy_and_refuses_a_fault() -> None:
    data = tomllib.loads(loading.DEFAULT.read_text(encoding="utf-8"))
    for regime in data["regimes"].values():  # JSON knows no dates
        regime["as_of"] = regime["as_of"].isoformat()
    jsonschema.validate(data, policy.json_schema())
    data["scoring"]["flor"] = 3
    with pytest.raises(jsonschema.ValidationError, match="flor"):
        jsonschema.validate(data, policy.json_schema())


# Where a key stands


DOCUMENT = '''\
name = "x"  # [not.a.table]
[a.b]
c.d = [1, 2,
  { x = 1, y = "a]b" },  # no
]
[[r."q r".i]]
id = """
many = [ " }
"""
[[r."q r".i]]
k = 2026-01-01 07:00:00
"é" = 'lit"eral'
s = \'\'\'
'quoted' # text
\'\'\'
e = ""
[r."q r".i.sub]
k = true
'''


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("name",), (1, 1)),
        (("a", "b"), (2, 1)),
        (("a", "b", "c", "d"), (3, 1)),
        (("a", "b", "c", "d", 1), (3, 11)),
        (("a", "b", "c", "d", 2, "y"), (4, 12)),
        (("r", "q r", "i", 0, "id"), (7, 1)),
        (("r", "q r", "i", 1), (10, 1)),
        (("r", "q r", "i", 1, "k"), (11, 1)),
        (("r", "q r", "i", 1, "é"), (12, 1)),
        (("r", "q r", "i", 1, "s"), (13, 1)),
        (("r", "q r", "i", 1, "e"), (16, 1)),
        (("r", "q r", "i", 1, "sub", "k"), (18, 1)),
    ],
)
def test_every_key_has_its_line_and_column(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert positions(DOCUMENT)[path] == place


def paths(data: object, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every key and item of parsed TOML."""
    if isinstance(data, dict):
        return {path} | {one for key, value in data.items() for one in paths(value, (*path, key))}
    if isinstance(data, list):
        return {path} | {one for number, value in enumerate(data) for one in paths(value, (*path, number))}
    return {path}


def test_every_key_of_the_default_policy_is_found() -> None:
    text = loading.DEFAULT.read_text(encoding="utf-8")
    data, found = tomllib.loads(text), positions(text)
    missing = {path for path in paths(data) if path and path not in found}
    assert {path for path in missing if path not in {("risk",), ("regimes",), ("feasibility",)}} == set()


KEYS = st.text("abz-_1", min_size=1, max_size=5)
VALUES = st.recursive(
    st.sampled_from(["1", "true", '"a # b"', "'c]'", "2026-01-01", "-1.5e3", '"""x\ny"""', '"\\"{"']),
    lambda value: st.one_of(
        st.lists(value, max_size=3).map(lambda items: f"[{', '.join(items)}]"),
        st.dictionaries(KEYS, value, max_size=3).map(
            lambda pairs: "{ " + ", ".join(f"{key} = {item}" for key, item in pairs.items()) + " }"
        ),
    ),
    max_leaves=6,
)


@given(st.dictionaries(KEYS, VALUES, max_size=5))
def test_every_key_of_any_document_is_found(pairs: dict[str, str]) -> None:
    text = "\n".join(f"{key} = {value}" for key, value in pairs.items())
    assert paths(tomllib.loads(text)) - {()} == positions(text).keys()
