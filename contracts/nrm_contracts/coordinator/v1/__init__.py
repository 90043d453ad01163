"""Wire package nrm.coordinator.v1."""
