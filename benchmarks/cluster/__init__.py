"""An index on a cluster: how fast it is filled and asked, and how large it becomes."""
