"""Front-end parts that come from npm: copied to where the pages find them, never committed."""
