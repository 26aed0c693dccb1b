"""Messages to patients, what has been told, and what comes back."""
