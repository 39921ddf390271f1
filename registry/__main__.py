"""`python -m registry` is the same as the `registry` command."""

from registry.cli import main

if __name__ == "__main__":
    main(prog_name="registry")
