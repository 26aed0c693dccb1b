"""The demo clinic: two houses, six practitioners, three hundred invented patients, and what befell them."""
