"""Benchmarks: what this costs beside peers that do less. `make bench` writes results.json; no test times anything."""
