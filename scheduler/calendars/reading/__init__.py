"""Other people's calendar files, read with distrust: whatever the bytes, the answer is values or a plain sentence.

The library splits lines and reads values. Components, zones and repetition are put together here, because the library
keeps the zones of all files in one process-wide table (one file's "Office" would become another's), and because
recurrence libraries search for the next date without limit: a rule for 30 February keeps one busy for seconds, one that
repeats every second for hours.
"""
