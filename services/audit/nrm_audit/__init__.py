"""The auditor: mirrors, verifies and replays the logs; imports no writing code."""
