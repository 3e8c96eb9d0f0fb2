"""
Documents: stored files, forms, and everything that becomes HTML or PDF.

*Wording*: a text of the guide, Markdown with its variables filled in. It becomes HTML here and nowhere else.
"""
