"""``python -m audiocourse``: works from a bare clone with nothing but Python.

An old Python must get as far as the sentence below: keep this file and ``audiocourse/__init__.py`` free of syntax newer
than Python 3.6, and import nothing of the course above the check.
"""

import sys


def main() -> int:
    """Refuse a Python that is too old with one sentence, else hand over to the bootstrap; return the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 -- pyproject's minimum is not enforced before an installation
        found = ".".join(str(part) for part in sys.version_info[:3])
        advice = "install a newer one from https://www.python.org/downloads/ and run the same command with it."
        message = "audiocourse needs Python 3.11 or newer; this is {} ({}): {}"
        sys.stderr.write(message.format(found, sys.executable, advice) + "\n")
        return 1

    from audiocourse.setup import bootstrap

    return bootstrap.main(sys.argv[1:], run)


def run(arguments: "list[str]") -> int:
    """Run the command line in this process; imported only now, because it needs the course's libraries."""
    from audiocourse import cli

    return cli.main(arguments)


if __name__ == "__main__":
    sys.exit(main())
