"""What the State gives: a numbered licence with a live status, and the signed documents that show it."""
