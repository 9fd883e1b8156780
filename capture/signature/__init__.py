"""The signature on the screen: what a program can see of rules j) to m) of 002 §6.1, and advice on likeness."""
