"""chabao (查报): full-text search for Chinese government-service bulletins."""

__version__ = "0.1.0"
