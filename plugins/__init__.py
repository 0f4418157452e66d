"""What Weaver does for a community, one folder a capability."""
