"""Who answers a query tree."""
