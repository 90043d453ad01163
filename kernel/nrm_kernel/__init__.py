"""What every service shares: deciding, storing, publishing, proving. It knows no agency words."""
