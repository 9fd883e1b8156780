"""`make bench`: speed as ratios within one run, written to docs/benchmarks.md with machine and seed."""
