"""One engine for every document: blocks in, a sealed PDF/A-3a and PDF/UA-1 file out. It knows no business words.

`blocks` describe a document, `documents.render` makes the file, `signing.sign` certifies it, `validating.examine` tells
strangers whether a file is genuine, `checking.check` finds what an archive or a screen reader would stumble over.
`press.Press` does the first two in one pass, ten times as fast, after `proving` that both ways come to the same.
`thai_text.typesetter()` opens fonts and dictionary (0.8 s): call it when a worker starts.

    pdf = render(document, now)
    signed = sign(pdf, signer, timestamper, now=now, reason=…, location=…)
"""
