"""Who someone is: people, the parties they act for, officers, how they prove it, and how long we remember."""
