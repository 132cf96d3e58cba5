"""The contract as marshmallow schemas, the one source for validation and OpenAPI.

`kinds` says what a parameter may be, `parameters` which there are, and `arguments` reads what is asked;
`projects`, `counts` and `responses` are what goes out, made of `fields`. What dumps them is `dumping`, beside
this room.
"""
