"""Benchmarks are measured, not tested: pytest collects nothing here."""

collect_ignore_glob = ["*"]
