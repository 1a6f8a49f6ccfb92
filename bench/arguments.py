"""The arguments of a benchmark: numbers, each with a default, and --keep."""

import sys


def read(arguments, defaults):
    """The numbers and whether to keep the result, or nothing where the arguments make no sense. Kept is what was
    called with the defaults, or with --keep."""
    numbers = [it for it in arguments if it != "--keep"]
    if len(numbers) > len(defaults) or not all(it.isdigit() and int(it) for it in numbers):
        return None
    values = [int(it) for it in numbers]
    return values + list(defaults[len(values):]), not numbers or "--keep" in arguments


def numbers(documentation, *defaults):
    """Those of the command line; --help is answered, and what makes no sense refused, with the documentation."""
    found = read(sys.argv[1:], defaults)
    if found is None:
        asked = sys.argv[1] in ("-h", "--help")
        print(documentation.strip(), file=sys.stdout if asked else sys.stderr)
        sys.exit(0 if asked else 2)
    return found
