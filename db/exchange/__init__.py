"""Files in and out: the submission package, written and verified."""
