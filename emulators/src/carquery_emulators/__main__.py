"""`python -m carquery_emulators`."""

from carquery_emulators.cli import main

if __name__ == "__main__":
    main()
