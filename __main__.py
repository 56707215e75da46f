"""`python -m chabao`."""

from chabao.cli import main

main()
