"""Mutation run: one change at a time in the rules' code, and whether a test notices. Its story: docs/mutation.md."""
