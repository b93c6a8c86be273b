"""The inbox, forms that send reports, and decisions that need no incident."""
