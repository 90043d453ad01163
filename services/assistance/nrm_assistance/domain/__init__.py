"""The pure rules of assistance: commands, states, decide, evolve."""
