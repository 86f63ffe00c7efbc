"""Benchmarks anyone can run; each prints ratios from one run."""
