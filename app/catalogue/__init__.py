"""What can be asked for: services, questions, documents, agencies and local fees as data, and the form they make."""
