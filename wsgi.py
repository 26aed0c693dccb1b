"""The service as gunicorn and flask start it: settings from the environment, or one line for each that is wrong."""

import os
import sys

from config import SettingsError, load_settings
from scheduler import create_app

try:
    app = create_app(load_settings(os.environ))
except SettingsError as error:
    sys.exit(f"The service cannot start:\n{error}")
