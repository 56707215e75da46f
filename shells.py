"""Scripts that complete in shells: a name of the index is one word there, and is never run.

click's own scripts for bash and PowerShell put names on the line as they are. A heading may hold
what a shell runs, as $(…), and whoever wrote a bulletin wrote its headings.
"""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

BASH = r"""
%(complete_func)s() {
    local IFS=$'\n' response type value
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD \
        %(complete_var)s=bash_complete "$1")
    while IFS=, read -r type value; do
        case $type in
            dir) compopt -o plusdirs ;;
            file) compopt -o default ;;
            plain) %(complete_func)s_add "$value" ;;
        esac
    done <<< "$response"
}

%(complete_func)s_add() {
    local value=$1
    case ${COMP_WORDS[COMP_CWORD]} in
        # behind a quote that is open, what may end it or mean something in it is left out
        *[\'\"]*) [[ $value == *[\'\"\\\$\`!]* ]] && return ;;
        *) printf -v value %%q "$value" ;;
    esac
    COMPREPLY+=("$value")
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
QUOTING = (
    ("$value, $value, 'ParameterValue'",
     """$(if ($value -match '^[\\w.:/=-]+$') { $value } else { "'" + """
     "[System.Management.Automation.Language.CodeGeneration]"
     """::EscapeSingleQuotedStringContent($value) + "'" }), $value, 'ParameterValue'"""),
    ("    try {\n",
     "    $prev_encoding = [Console]::OutputEncoding\n    try {\n"
     "        try { [Console]::OutputEncoding = [Text.Encoding]::UTF8 } catch { }\n"),
    ("    } finally {\n",
     "    } finally {\n        try { [Console]::OutputEncoding = $prev_encoding } catch { }\n"),
)  # fmt: skip
"""What is otherwise in click's script for PowerShell: words are quoted, and answers read as the
UTF-8 that they are."""


def script(shell: str, program: click.Command) -> str | None:
    """The script that completes `program`, called chabao, in a shell; None where click has none."""
    known = get_completion_class(shell)
    if known is None:
        return None
    template = BASH if shell == "bash" else known.source_template
    for theirs, ours in QUOTING if shell == "powershell" else ():
        if theirs not in template:
            return None
        template = template.replace(theirs, ours)
    made = type("Script", (known,), {"source_template": template})
    source: str = made(program, {}, "chabao", "_CHABAO_COMPLETE").source()
    return source
