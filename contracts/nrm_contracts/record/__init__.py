"""What every agency's log and every reply shares: receipts, handovers, looks."""
