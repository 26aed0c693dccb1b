"""Does. One verb is one function is one transaction."""
