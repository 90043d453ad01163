"""What the agencies promise each other: gRPC, events and code lists."""
