"""Answers from an index on an OpenSearch cluster: what it says of itself, and what is read here."""
