"""``python -m siting.cli``: the command line where its script is not on the path."""

from __future__ import annotations

import sys

from siting.cli import main

sys.exit(main())
