"""The model is not yet part of the default suite: it still finds histories that are looked at.

COMPTOIR_MODEL=yes make test ARGS=tests/model
"""

import os

collect_ignore_glob = [] if os.environ.get("COMPTOIR_MODEL") == "yes" else ["test_*.py"]
