"""For instructors: release a graded quiz, grade what is handed in, and learn which questions work."""
