"""What is so: the books of the shop and the vault of addresses."""
