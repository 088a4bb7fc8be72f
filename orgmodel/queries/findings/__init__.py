"""Where access differs from policy, as lists, as counts over time, and one by one."""
