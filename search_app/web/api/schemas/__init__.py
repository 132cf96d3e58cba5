"""The contract as marshmallow schemas, the one source for validation, answers and OpenAPI.

`kinds` says what a parameter may be, `parameters` which there are; `projects` and `answers` are what goes
out, `dumping` how.
"""
