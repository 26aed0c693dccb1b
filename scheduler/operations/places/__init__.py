"""Places: clinics, people, rooms and devices, and when they are there."""
