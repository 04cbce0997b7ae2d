"""Run the command as `python -m gatescope_app`."""

import sys

from gatescope_app.cli.command_line import main

sys.exit(main())
