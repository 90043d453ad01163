"""What becomes of people and cases: who is found when, and what happens to them, drawn from the published figures."""
