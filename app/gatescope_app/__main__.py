"""Run the command as `python -m gatescope_app`."""

import sys

from gatescope_app.command_line import main

sys.exit(main())
