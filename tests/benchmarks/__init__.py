"""Speed and size against peers, measured in one run; `python -m tests.benchmarks`."""
