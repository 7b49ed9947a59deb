"""Baskets from the store through recommend, rules back; by night, in a process that knows the shop database alone."""
