"""The index format."""
