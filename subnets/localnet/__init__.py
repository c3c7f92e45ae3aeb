"""A simulated Subtensor node on loopback: the chain's real metadata, made-up values.

`world` is the network at every height, made of `tenants`, `people`, `prices`, `emission` and `neurons`;
`eras` says what each height could answer. `runtime` puts a world into the chain's encoding (`registry`,
`records`, `calls`, `storage`), `server` answers over a websocket with the `faults` asked for, `running`
does so in a background thread and `run` until interrupted. `identity` tells a simulated chain by its
genesis hash. `world` and `identity` need no SDK.
"""
