"""The only place that knows a database driver or a broker."""
