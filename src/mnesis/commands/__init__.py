"""The command line: one file a verb, each a thin caller of the front door.

A verb's file gives one click command named like the file (``import_`` is the verb ``import``). Its module docstring
is its help; the first line is what ``mnesis --help`` lists, and the block under ``Example:`` is run by a test.
Files that begin with an underscore are what the verbs share.
"""
