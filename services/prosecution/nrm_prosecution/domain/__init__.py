"""The pure rules of prosecution: commands, states, decide, evolve."""
