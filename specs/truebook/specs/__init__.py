"""The specifications: what must hold, and the engines that hold things to it."""
