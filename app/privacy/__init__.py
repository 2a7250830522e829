"""What people are told about their data, what they allow, and who looked at it."""
