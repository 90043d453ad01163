"""What an identification agency knows: one file per topic, each a state and how events make it up."""
