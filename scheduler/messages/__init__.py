"""Messages to patients: what is written in them, in every language, and the mails that carry them."""
