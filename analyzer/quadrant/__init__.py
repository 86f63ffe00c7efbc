"""Who performs each task, and where: Inventory to Placement."""

from analyzer.quadrant.placing import place

__all__ = ["place"]
