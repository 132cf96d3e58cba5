"""The contract as marshmallow schemas, the one source for validation and OpenAPI.

`kinds` says what a parameter may be, `parameters` which there are; `projects` and `responses` are what goes
out, made of `fields`. What dumps them is `dumping`, beside this room.
"""
