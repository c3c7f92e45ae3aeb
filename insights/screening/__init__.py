"""What a visitor asks of the screener and which rows answer: pure functions from an address and a board."""
