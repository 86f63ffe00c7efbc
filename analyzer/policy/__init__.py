"""The rules as data: what a risk is, how much it weighs and what lowers it."""

from analyzer.policy.conflicts import Conflict, conflicts
from analyzer.policy.loading import default, load, parse
from analyzer.policy.phrases import phrases
from analyzer.policy.schema import Policy, json_schema

__all__ = ["Conflict", "Policy", "conflicts", "default", "json_schema", "load", "parse", "phrases"]
