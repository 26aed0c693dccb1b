"""The catalogue: protocols, contraindications and visit types, versioned."""
