"""The national coordinator: reads every agency's log, writes nothing but its own looks."""
