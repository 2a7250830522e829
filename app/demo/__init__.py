"""Stand-ins of the outside world that speak the real protocols, and the people of the demonstration."""
