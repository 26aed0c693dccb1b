"""The README's commands for bringing data in and looking after it: there, with the options that it names."""

import re
from pathlib import Path

from tests.support.command_line import CommandLine

README = Path(__file__).parents[2] / "README.md"


def test_every_command_of_the_readme_has_the_options_that_it_names(line: CommandLine) -> None:
    commands = re.findall(r"^interval ((?:[a-z]+ )+)(.*?) *(?:#.*)?$", README.read_text(), re.MULTILINE)
    assert [words.strip() for words, _ in commands] == [
        *("import patients", "import patients", "import series", "import busy"),
        *("backup", "restore", "check"),
    ]
    for words, rest in commands:
        told = line.run(*words.split(), "--help")
        assert told.exit_code == 0
        assert [option for option in re.findall(r"--[a-z]+", rest) if option not in told.output] == []
