"""Money: what a service costs, the bill, the Thai QR that pays it, what the bank says, the ledger and the receipt."""
