"""Analysis to one HTML file: offline, no request to anywhere, escaped everywhere."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from typing import Any

import jinja2
from markupsafe import Markup

from analyzer.model import Analysis
from analyzer.report import explorer, templating
from analyzer.report.parcel import MOST_TASKS
from analyzer.report.view import Context, View, see
from analyzer.report.words import templates

_NEVER_IN_SCRIPT = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(analysis: Analysis, most: int = MOST_TASKS) -> str:
    """The page of an analysis as one string; ``most`` tasks at most stand in the task list."""
    context = Context.of(analysis)
    return shown(context, see(context), most)


def shown(context: Context, view: View, most: int = MOST_TASKS) -> str:
    """A context and its view as a page."""
    style, script = (_resource(name) for name in ("page.css", "page.js"))
    return (
        environment()
        .get_template("page.html.j2")
        .render(
            view=view,
            tasks=explorer.see(context, most),
            w=context.numbers.words,
            style=Markup(style),  # noqa: S704 - our own stylesheet
            script=Markup(script),  # noqa: S704 - our own script
            policy=f"default-src 'none'; style-src '{digest(style)}'; script-src '{digest(script)}'; img-src data:; "
            "base-uri 'none'; form-action 'none'",
            labels=Markup(as_json(_labels(context))),  # noqa: S704 - escaped for a script element
        )
    )


@cache
def environment() -> jinja2.Environment:
    """The templates of page and mail."""
    return templating.environment()


def _resource(name: str) -> str:
    return (templates() / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """The hash of an inline style or script, for the content security policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def as_json(data: Any) -> str:
    """JSON that can stand in a script element: no text in it can end the element or open a comment."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return "".join(_NEVER_IN_SCRIPT.get(letter, letter) for letter in text)


def _labels(context: Context) -> dict[str, Any]:
    """What the script says, in the page's language."""
    words = context.numbers.words
    decimal, group = context.numbers.marks
    said = {
        key: text for key, text in words.texts.items() if key.startswith(("tasks.", "kind.", "quadrant.", "views."))
    }
    levels = [{"code": level.code, "shape": level.shape, "word": level.word} for level in explorer.levels(context)]
    return {
        "words": said,
        "levels": levels,
        "confidence": {name: words(f"confidence.{name}") for name in ("high", "medium", "low")},
        "quadrants": explorer.quadrant_names(context),
        "decimal": decimal,
        "group": group,
        "money": context.numbers.exact_money(0, context.currency).replace("0", "{n}") if context.currency else "{n}",
    }
