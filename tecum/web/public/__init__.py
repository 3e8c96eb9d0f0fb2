"""What anybody may read: the guide as a page, how to serve a Legal Demand, accessibility, privacy, security."""
