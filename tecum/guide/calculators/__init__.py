"""
What follows from a guide for one request: prices, deadlines, retention, routes. Pure functions over a `Guide`.

Each returns a frozen `Result`: the values, one sentence, the rules it used (so that every answer can show
its source and what the other readings would give) and warnings about what was assumed.
"""
