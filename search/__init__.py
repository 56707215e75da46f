"""From a line of text to results."""
