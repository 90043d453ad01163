"""A tour of every method of every service, over real gRPC, with proper requests: what `nrm demo --check` calls."""
