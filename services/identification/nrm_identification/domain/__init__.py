"""The pure rules of identification: commands, states, decide, evolve."""
