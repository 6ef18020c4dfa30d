"""The closing chooser: windows that are filled with cells not hit yet, in rigid pieces of exact times."""
