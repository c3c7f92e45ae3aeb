"""The explanation of the computed signal: what a model may see of a subnet, what it may say, and what is said without.

A model explains the signal and never sets it. `inputs`, `template`, `numbers`, `checks` and `answer` are pure.
"""
