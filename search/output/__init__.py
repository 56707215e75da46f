"""How results are shown: markup is made only here."""
