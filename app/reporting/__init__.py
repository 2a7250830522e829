"""What the portal can prove about itself: how mature each service is, and how well it is given."""
