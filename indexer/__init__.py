"""From bulletin files to an index on disk."""
