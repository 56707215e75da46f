"""The five bundled bulletins."""
