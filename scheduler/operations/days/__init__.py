"""Days: one clinic's day as the front desk sees it."""
