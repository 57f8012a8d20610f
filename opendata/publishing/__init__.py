"""From built packages to a portal and a receipt: the port, the plan, its doing."""
