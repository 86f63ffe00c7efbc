"""Tag a company's task inventory with sourcing quadrants and risks."""

__version__ = "0.1.0"
