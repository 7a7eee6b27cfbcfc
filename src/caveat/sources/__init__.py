"""Official lists as published: one reader file per publishing agency, one catalog of lists."""
