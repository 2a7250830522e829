"""What any portal needs and no law knows about: database, web, jobs, files, events, language, time."""
