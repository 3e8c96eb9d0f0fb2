"""
Documents: stored files, forms, and everything that becomes HTML, PDF or a spreadsheet.

*Wording*: a text of the guide, Markdown with its variables filled in. It becomes HTML here and nowhere else.
*Stored file*: bytes inside the envelope of their matter, kept under the hash of the sealed bytes, on the disk before
the database knows of them: a backup is checked without any key, and equal contents of two matters share nothing.
"""
