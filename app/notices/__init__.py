"""What we tell people. Today an inbox inside the portal; nothing here decides, it is told whom and what."""
