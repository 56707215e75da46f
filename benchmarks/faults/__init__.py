"""Programs that try what this program promises of faults; `make faults` runs all, in full."""
