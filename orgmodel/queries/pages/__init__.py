"""What single pages show beyond the questions: lists, trees, search, freshness, numbers."""
