"""จุดเดียว (Judiao): one form, one set of documents, several licences of several agencies."""
