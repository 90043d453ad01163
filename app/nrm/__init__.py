"""The command line, the configuration and the two ways to compose the services."""
