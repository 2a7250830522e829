"""What each page needs to be drawn, one frozen dataclass per template: plain data, no database rows, no rules."""
