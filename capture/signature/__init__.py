"""The signature on the screen: what a program can see of 002 §6.1 j) to m), and advice on likeness."""
