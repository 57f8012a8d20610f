"""The screen: Arrow kernels that prove a column clean in frictionless's sense, one proof for each type.

A proof may be too strict, never too lax: what it does not prove is read by frictionless's own cell reader.
"""
