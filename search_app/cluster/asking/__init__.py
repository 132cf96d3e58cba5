"""What is asked of a cluster: texts, filters and orders as its queries; pure but for what a text finds."""
