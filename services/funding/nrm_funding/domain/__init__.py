"""The pure rules of funding: commands, states, decide, evolve."""
