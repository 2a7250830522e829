"""What people ask while they fill a form, and what agencies answer."""
