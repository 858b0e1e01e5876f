"""What people read: reports of verdicts, tables and diagrams."""
