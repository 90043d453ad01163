"""Real servers for tests, benchmarks and the distributed demo: found where they run, else started here."""
