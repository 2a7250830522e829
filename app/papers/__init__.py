"""Papers that the portal prepares for a form: as they read at one moment, printed, scanned back, signed."""
