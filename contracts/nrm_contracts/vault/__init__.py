"""Contract of the vault service, and the form in which personal data travels."""
