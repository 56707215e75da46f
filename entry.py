"""Where the program begins. Until its parts are loaded there is nothing to lose: Ctrl-C ends it as
it ends any program, without the traceback that Python would print."""

import _signal as signal  # `signal` itself takes half a millisecond to load


def main() -> None:
    # what a parent told to be ignored stays so, as under nohup
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from chabao import cli

    cli.main()
