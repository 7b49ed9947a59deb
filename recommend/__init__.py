"""What goes with what: pure functions over baskets, without I/O."""
