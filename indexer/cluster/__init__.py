"""An index on an OpenSearch cluster: where it is, how it is reached, what its documents are."""
