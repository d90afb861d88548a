"""`python -m mnesis`: the command line without the installed script."""

from __future__ import annotations

from mnesis.commands.main import main

if __name__ == "__main__":
    main(prog_name="mnesis")
