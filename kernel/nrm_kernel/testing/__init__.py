"""What tests of services are written with: given/when/then, a fake clock, port contracts, failpoints."""
