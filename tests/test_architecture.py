"""The house of docs/architecture.md, held exhaustively: who may import whom."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parent.parent / "analyzer"
FLOORS = (  # top first; rooms of one floor are siblings and do not know one another
    ("__main__",),
    ("cli",),
    ("runs",),
    ("pipeline",),
    ("intake", "quadrant", "risks", "feasibility", "summary", "history", "archive", "report"),
    ("evidence", "performers"),
    ("model",),
    ("policy", "places", "settings", "messages", "files", "xlsx"),
    ("fields", "period"),
    ("errors", "terms", "compiled", "processes", "memory", "sums"),
)
ONLY_IN = {
    "click": {"cli"},
    "jinja2": {"report"},
    "openpyxl": {"report", "intake"},
    "smtplib": {"runs"},
    "pyarrow": {"archive"},
    "fastexcel": {"intake"},
    "python_calamine": {"intake"},
    "rich": {"cli"},
}
FLOOR_OF = {room: number for number, rooms in enumerate(FLOORS) for room in rooms}


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports() -> Iterator[tuple[str, str, str]]:
    """Room, imported module and place of every import, those inside functions and under TYPE_CHECKING among them."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if path == PACKAGE / "__init__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            place = f"{path.relative_to(PACKAGE)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.Import):
                yield from ((room_of(path), name.name, place) for name in node.names)
            elif isinstance(node, ast.ImportFrom):
                assert node.level == 0, f"{place}: imports are absolute"
                if node.module == "analyzer":
                    yield from ((room_of(path), f"analyzer.{name.name}", place) for name in node.names)
                else:
                    yield room_of(path), node.module or "", place


def test_every_room_has_a_floor() -> None:
    rooms = {room_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__"}
    assert rooms - FLOOR_OF.keys() == set()


def test_imports_only_go_down() -> None:
    wrong = []
    for room, module, place in imports():
        parts = module.split(".")
        if parts[0] != "analyzer" or len(parts) == 1 or parts[1] in {room, "__version__"}:
            continue
        if FLOOR_OF[parts[1]] <= FLOOR_OF[room]:
            wrong.append(f"{place}: {room} imports {parts[1]}")
    assert wrong == []


def test_a_library_stays_in_its_room() -> None:
    wrong = [
        f"{place}: {room} imports {module}"
        for room, module, place in imports()
        if room not in ONLY_IN.get(module.split(".")[0], {room})
    ]
    assert wrong == []
