"""`nrm doctor`: a module for each thing that it examines."""
