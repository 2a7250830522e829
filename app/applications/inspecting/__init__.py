"""What looks inside an uploaded file: parsers of hostile bytes, run only as the caged process `inspection` starts.

Nothing here imports anything of ours but the cage; nothing of ours imports this except `inspection`, by name and as a
process.
"""
