"""
The carrier's guide: values in TOML and wording in Markdown, read into typed, frozen values; no Django.

A *guide* is a folder. It has one or more *versions* with effective dates. An *entry* is one table of it
(a fee, a desk, a form …) with an id; it may carry its *source* (document, sentence), a *note*, the
recorded *decision*, and *readings*: other ways to read the same sentence, each worked out beside the one
in force. A *rule* is an entry that applies to some questions only; its *scope* says which.
"""
