"""Given/when/then, a fake clock, port contracts and failpoints for tests."""
