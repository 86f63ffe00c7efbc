"""Where each task could be done, and what that might be worth: Assessment to Outlook."""

from analyzer.feasibility.foresight import hypothetical, outlook

__all__ = ["hypothetical", "outlook"]
