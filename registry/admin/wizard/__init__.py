"""Import a spreadsheet step by step: give the file, name its columns, try it, settle names, import.

It is the importer of the shell (`registry.ingest`), driven by pages. The file is kept in the store
until it is imported or dropped, a day at most. The import itself runs in portions, each of which is
one transaction that also notes how far it is (`registry.admin.wizard.running`).
"""
