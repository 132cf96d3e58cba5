"""What is drawn: plain numbers for SVG that the templates write."""
