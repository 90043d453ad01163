"""What officers do, as steps of the script: one function for each kind of act, one module for each kind of agency."""
