"""คำขอ: the single form, its documents, the applications that come of it, their workflow and their deadlines."""
