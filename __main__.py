"""`python -m chabao`."""

from chabao.entry import main

main()
